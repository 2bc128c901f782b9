import { describe, expect, test } from '@jest/globals';
import { render } from './fixture.ts';

/** What Go's text/template prints for each, by its own words. */
const rows: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'literals and comments',
    [
      ['plain text', 'plain text'],
      ['{{/* a comment */}}text', 'text'],
      ['{{- /* trims */ -}}   text', 'text'],
      ['before   {{- " middle " -}}   after', 'before middle after'],
      ['{{"{{"}} and }}', '{{ and }}'],
      ['{{`raw "string" \\n`}}', 'raw "string" \\n'],
      ['{{"escapes: \\t\\"\\\\\\x41\\101\\u00e9\\U0001F600"}}', 'escapes: \t"\\AAé😀'],
      ['{{true}} {{false}}', 'true false'],
      ["{{'a'}} {{'\\n'}} {{'é'}}", '97 10 233'],
      ['{{42}} {{-7}} {{0x1F}} {{0b101}} {{0o17}} {{017}} {{1_000}}', '42 -7 31 5 15 15 1000'],
      ['{{1.5}} {{.5}} {{1e3}} {{1e21}} {{0x1p-2}}', '1.5 0.5 1000 1e+21 0.25'],
    ],
  ],
  [
    'fields, chains and variables',
    [
      ['{{.name}}:{{.port}}', 'db:5432'],
      ['{{$.name}}', 'db'],
      ['{{(dict "a" (dict "b" 1)).a.b}}', '1'],
      ['{{$d := dict "a" 1}}{{$d.a}}', '1'],
      ['{{$x := 1}}{{$x}}', '1'],
      ['{{$x := 1}}{{$x = 2}}{{$x}}', '2'],
      ['{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}', '21'],
      ['{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}', '2'],
      ['{{with $x := .name}}{{$x}}{{.}}{{end}}', 'dbdb'],
      ['{{dict "a" nil}}{{(dict "a" nil).a}}', 'map[a:<nil>]<no value>'],
      ['{{.}}', "map[binary:\x00�a empty: markup:<a href='x'>&\"</a> name:db port:5432 text:héllo]"],
    ],
  ],
  [
    'pipelines',
    [
      ['{{.name | print "a " | printf "%q"}}', '"a db"'],
      ['{{1 | printf "%d %d" 2}}', '2 1'],
      ['{{(print 1 2) | len}}', '3'],
      ['{{len (print (printf "%s" .name) "!")}}', '3'],
      ['{{print 1 | printf "%T"}}', 'string'],
    ],
  ],
  [
    'if and with',
    [
      ['{{if .name}}yes{{end}}', 'yes'],
      ['{{if .empty}}yes{{else}}no{{end}}', 'no'],
      ['{{if .empty}}1{{else if .name}}2{{else}}3{{end}}', '2'],
      ['{{if 0}}1{{else if not nil}}2{{end}}', '2'],
      ['{{with .name}}{{.}}{{end}}', 'db'],
      ['{{with .empty}}{{.}}{{else}}{{.port}}{{end}}', '5432'],
      ['{{with .empty}}1{{else with .name}}{{.}}{{else}}3{{end}}', 'db'],
      [
        '{{if 0}}{{else}}int {{end}}{{if 0.0}}{{else}}float {{end}}{{if ""}}{{else}}string {{end}}{{if list}}{{else}}list {{end}}{{if dict}}{{else}}dict {{end}}{{if false}}{{else}}bool{{end}}',
        'int float string list dict bool',
      ],
    ],
  ],
  [
    'range',
    [
      ['{{range list 1 "a" true}}{{.}};{{end}}', '1;a;true;'],
      ['{{range $i, $e := list "x" "y"}}{{$i}}={{$e}};{{end}}', '0=x;1=y;'],
      ['{{range $k, $v := dict "b" 2 "a" 1 "C" 3}}{{$k}}={{$v}};{{end}}', 'C=3;a=1;b=2;'],
      ['{{range 3}}{{.}}{{end}}', '012'],
      ['{{range $i := 2}}{{$i}}{{end}}', '01'],
      ['{{range list}}x{{else}}none{{end}}', 'none'],
      ['{{range 0}}x{{else}}none{{end}}', 'none'],
      ['{{range nillist}}x{{else}}none{{end}}', 'none'],
      ['{{range bytes "ab"}}{{.}};{{end}}', '97;98;'],
      [
        '{{range list 1 2 3 4}}{{if eq . 2}}{{continue}}{{end}}{{if eq . 4}}{{break}}{{end}}{{.}}{{end}}',
        '13',
      ],
      ['{{range list 1 2}}{{range list 3 4}}{{break}}{{end}}{{.}}{{end}}', '12'],
      ['{{$last := 0}}{{range $last = list 5 6}}{{end}}{{$last}}', '6'],
      ['{{range $x := list 1 2}}{{$x = 9}}{{$x}}{{end}}', '99'],
    ],
  ],
  [
    'templates',
    [
      ['{{define "t1"}}<{{.}}>{{end}}{{template "t1" .name}}', '<db>'],
      ['{{define "t1"}}[{{.}}]{{end}}{{template "t1"}}', '[<no value>]'],
      ['{{template "later" .name}}{{define "later"}}{{$}}{{end}}', 'db'],
      ['{{block "b" .port}}({{.}}){{end}}{{template "b" .name}}', '(5432)(db)'],
      ['{{define "down"}}{{.}}{{if .}}{{template "down" 0}}{{end}}{{end}}{{template "down" 3}}', '30'],
      ['{{define "x"}} {{end}}{{define "x"}}second{{end}}{{template "x"}}', 'second'],
    ],
  ],
  [
    'logic',
    [
      ['{{and 1 0 2}} {{and 1 2}} {{and .empty .missing}}', '0 2 '],
      ['{{or 0 "" "x"}} {{or 0 ""}}! {{or .name .missing}}', 'x ! db'],
      ['{{not .name}} {{not .empty}}', 'false true'],
      ['{{.name | and .empty}}! {{.name | or .empty}}', '! db'],
    ],
  ],
  [
    'comparison',
    [
      ['{{eq 1 1}} {{eq 1 2}} {{eq 1 2 3 1}} {{ne "a" "b"}}', 'true false true true'],
      ['{{eq .port "5432"}} {{eq true true}} {{eq 1.0 1.0}}', 'true true true'],
      ['{{eq (u64 5) 5}} {{eq -5 (u64 5)}} {{lt -5 (u64 5)}} {{lt (u64 1) -2}}', 'true false true false'],
      ['{{eq nil .name}} {{eq nil (null)}} {{eq (nillist) nil}} {{eq (list) nil}}', 'false true true false'],
      ['{{lt 1 2}} {{le 2 2}} {{gt "b" "a"}} {{ge 1.5 2.5}}', 'true true true false'],
    ],
  ],
  [
    'elements',
    [
      ['{{index . "name"}} {{index .name 0}} {{index (list 1 (list 2 3)) 1 0}}', 'db 100 2'],
      ['{{index . "missing"}}! {{index (dict) "missing"}}', '! <no value>'],
      [
        '{{slice .name 1}} {{slice (list 1 2 3) 1 2}} {{slice (strs "a" "b") 0 1 | printf "%T"}}',
        'b [2] []string',
      ],
      ['{{len .text}} {{len .}} {{len (list 1 2)}} {{len (dict)}} {{len (bytes "abc")}}', '6 6 2 0 3'],
    ],
  ],
  [
    'escapes',
    [
      ['{{html .markup}}', '&lt;a href=&#39;x&#39;&gt;&amp;&#34;&lt;/a&gt;'],
      ['{{js .markup}} {{js .text}}', "\\u003Ca href\\u003D\\'x\\'\\u003E\\u0026\\\"\\u003C/a\\u003E héllo"],
      ['{{urlquery .markup " " .text}}', '%3Ca+href%3D%27x%27%3E%26%22%3C%2Fa%3E+h%C3%A9llo'],
      ['{{html nil "<"}}', '&lt;no value&gt;&lt;'],
    ],
  ],
  [
    'print',
    [
      ['{{print 1 2 "a" 3 nil}} {{println "a" 1}}', '1 2a3 <nil> a 1\n'],
      ['{{1e6}} {{123456789.0}} {{100000.0}} {{0.00001}}', '1e+06 1.23456789e+08 100000 1e-05'],
      [
        '{{list 1 nil "a" (list 2.5 true) (dict "k" "v")}} {{bytes "hi"}}',
        '[1 <nil> a [2.5 true] map[k:v]] [104 105]',
      ],
    ],
  ],
];

describe.each(rows)('%s', (_, cases) => {
  test.each(cases)('%j prints %j', (source, output) => {
    expect(render(source)).toBe(output);
  });
});

test('line ends around trim markers go away on the side of the marker only', () => {
  expect(render('a \n{{- .name }} \n b\n {{ .name -}}\t\r\n c')).toBe('adb \n b\n dbc');
});

test('a raw string may go over lines and loses its carriage returns', () => {
  expect(render('{{`a\r\nb`}}')).toBe('a\nb');
});

test('a function that changes a dict changes it for every variable that holds it', () => {
  expect(render('{{$a := dict}}{{$b := $a}}{{$_ := set $b "k" 1}}{{$a.k}}')).toBe('1');
});

test('names may have letters of any script', () => {
  expect(render('{{$größe := 1}}{{$größe}}{{(dict "ключ" 2).ключ}}')).toBe('12');
});
