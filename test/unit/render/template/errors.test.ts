import { describe, expect, test } from '@jest/globals';
import { failureOf } from './fixture.ts';

/** Go's messages, after `template: t:`. */
const PARSE_ERRORS: readonly (readonly [string, string])[] = [
  ['{{', '1: unclosed action'],
  ['{{.name', '1: unclosed action'],
  ['{{"abc', '1: unterminated quoted string'],
  ['{{`abc', '1: unterminated raw quoted string'],
  ["{{'a", '1: unterminated character constant'],
  ['{{/* c}}', '1: unclosed comment'],
  ['{{/* c */ 1}}', '1: comment ends before closing delimiter'],
  ['{{(1}}', '1: unclosed left paren'],
  ['{{1)}}', '1: unexpected right paren'],
  ['{{}}', '1: missing value for command'],
  ['{{.name | 1}}', '1: non executable command in pipeline stage 2'],
  ['{{nope .name}}', '1: function "nope" not defined'],
  ['{{$x}}', '1: undefined variable "$x"'],
  ['{{$x := }}', '1: missing value for command'],
  ['{{1 2', '1: unclosed action'],
  ['{{@}}', '1: unexpected "@" in command'],
  ['{{.name!}}', "1: bad character U+0021 '!'"],
  ['{{"\\q"}}', '1: invalid syntax'],
  ["{{'ab'}}", "1: malformed character constant: 'ab'"],
  ['{{08}}', '1: integer overflow: "08"'],
  ['{{0x}}', '1: illegal number syntax: "0x"'],
  ['{{1-}}', '1: bad number syntax: "1-"'],
  ['{{99999999999999999999}}', '1: integer overflow: "99999999999999999999"'],
  ['{{1.name}}', '1: bad number syntax: "1.n"'],
  ['{{if .name}}', '1: unexpected EOF'],
  ['{{if}}{{end}}', '1: missing value for if'],
  ['{{if .name}}{{else}}{{else}}{{end}}', '1: expected end; found {{else}}'],
  ['{{end}}', '1: unexpected {{end}}'],
  ['{{else}}', '1: unexpected {{else}}'],
  ['{{range $a, $b, $c := .}}{{end}}', '1: too many declarations in range'],
  ['{{range $a, 1}}{{end}}', '1: range can only initialize variables'],
  ['{{$a, $b := .}}', '1: too many declarations in command'],
  ['{{break}}', '1: {{break}} outside {{range}}'],
  ['{{range .}}{{break 1}}{{end}}', '1: unexpected "1" in {{break}}'],
  ['{{range .}}{{block "x" .}}{{continue}}{{end}}{{end}}', '1: {{continue}} outside {{range}}'],
  ['{{define name}}{{end}}', '1: unexpected "name" in define clause'],
  ['{{define "x"}}', '1: unexpected EOF'],
  ['{{define "x"}}{{else}}{{end}}', '1: unexpected {{else}} in define clause'],
  ['{{define "x"}}a{{end}}{{define "x"}}b{{end}}', '1: template: multiple definition of template "x"'],
  ['{{define "t"}}a{{end}}b', '1: template: multiple definition of template "t"'],
  ['{{template}}', '1: unexpected "}}" in template clause'],
  ['{{if true}}{{define "x"}}{{end}}{{end}}', '1: unexpected <define> in command'],
  ['{{1i}}', '1: complex numbers are not supported: 1i'],
  ['{{if .name\n}}\n\n{{.x', '4: unclosed action'],
  ['{{ (\n', '2: unclosed action started at t:1'],
];

const EXECUTION_ERRORS: readonly (readonly [string, string])[] = [
  ['{{.missing}}', '1:2: executing "t" at <.missing>: map has no entry for key "missing"'],
  ['{{.name.inner}}', '1:7: executing "t" at <.name.inner>: can\'t evaluate field inner in type string'],
  ['{{(dict "a" 1).a.b}}', '1:12: executing "t" at <1>: can\'t evaluate field b in type interface {}'],
  ['{{(dict "a" nil).a.b}}', '1:12: executing "t" at <nil>: nil pointer evaluating interface {}.b'],
  ['{{(null).x}}', '1:3: executing "t" at <null>: nil data; no entry for key "x"'],
  ['{{nil}}', '1:2: executing "t" at <nil>: nil is not a command'],
  ['{{nil.x}}', '1: unexpected . after term "nil"'],
  ['{{.name 1}}', '1:2: executing "t" at <.name>: name is not a method but has arguments'],
  ['{{1 | .name}}', '1:6: executing "t" at <.name>: name is not a method but has arguments'],
  ['{{"a" "b"}}', '1:2: executing "t" at <"a">: can\'t give argument to non-function "a"'],
  ['{{$x = 1}}', '1:7: executing "t" at <1>: undefined variable: $x'],
  ['{{up}}', '1:2: executing "t" at <up>: wrong number of args for up: want 1 got 0'],
  ['{{up "a" "b"}}', '1:2: executing "t" at <up>: wrong number of args for up: want 1 got 2'],
  ['{{printf}}', '1:2: executing "t" at <printf>: wrong number of args for printf: want at least 1 got 0'],
  ['{{up 1}}', '1:5: executing "t" at <1>: expected string; found 1'],
  ['{{up .}}', '1:5: executing "t" at <.>: wrong type for value; expected string; got map[string]string'],
  ['{{up nil}}', '1:5: executing "t" at <nil>: cannot assign nil to string'],
  ['{{up (null)}}', '1:6: executing "t" at <null>: invalid value; expected string'],
  ['{{i64 "1"}}', '1:6: executing "t" at <"1">: expected integer; found "1"'],
  ['{{i64 .port}}', '1:6: executing "t" at <.port>: wrong type for value; expected int64; got string'],
  ['{{i64 (len .name)}}', '1:11: executing "t" at <.name>: wrong type for value; expected int64; got int'],
  ['{{i64 1.5}}', '1:6: executing "t" at <1.5>: expected integer; found 1.5'],
  ['{{u64 -1}}', '1:6: executing "t" at <-1>: expected unsigned integer; found -1'],
  ['{{f64 "1"}}', '1:6: executing "t" at <"1">: expected float; found "1"'],
  ['{{isb 1}}', '1:6: executing "t" at <1>: expected bool; found 1'],
  ['{{anys "a"}}', '1:7: executing "t" at <"a">: can\'t handle "a" for arg of type []interface {}'],
  [
    '{{anys (strs "a")}}',
    '1:13: executing "t" at <"a">: wrong type for value; expected []interface {}; got []string',
  ],
  [
    '{{dct .}}',
    '1:6: executing "t" at <.>: wrong type for value; expected map[string]interface {}; got map[string]string',
  ],
  [
    '{{18446744073709551615}}',
    '1:2: executing "t" at <18446744073709551615>: 18446744073709551615 overflows int',
  ],
  ['{{eq 1}}', '1:2: executing "t" at <eq 1>: error calling eq: missing argument for comparison'],
  [
    '{{eq 1 "1"}}',
    '1:2: executing "t" at <eq 1 "1">: error calling eq: incompatible types for comparison: int and string',
  ],
  [
    '{{eq 1 1.0}}',
    '1:2: executing "t" at <eq 1 1.0>: error calling eq: incompatible types for comparison: int and float64',
  ],
  [
    '{{eq (list) (list)}}',
    '1:2: executing "t" at <eq (list) (list)>: error calling eq: non-comparable types []interface {} and []interface {}',
  ],
  [
    '{{lt 1 "a"}}',
    '1:2: executing "t" at <lt 1 "a">: error calling lt: incompatible types for comparison: int and string',
  ],
  [
    '{{lt true false}}',
    '1:2: executing "t" at <lt true false>: error calling lt: invalid type for comparison',
  ],
  ['{{lt nil 1}}', '1:2: executing "t" at <lt nil 1>: error calling lt: invalid type for comparison'],
  ['{{index nil 1}}', '1:2: executing "t" at <index nil 1>: error calling index: index of untyped nil'],
  ['{{index .name 7}}', '1:2: executing "t" at <index .name 7>: error calling index: index out of range'],
  [
    '{{index .name "a"}}',
    '1:2: executing "t" at <index .name "a">: error calling index: cannot index slice/array with type string',
  ],
  [
    '{{index . 1}}',
    '1:2: executing "t" at <index . 1>: error calling index: value has type int; should be string',
  ],
  ['{{index 5 1}}', '1:2: executing "t" at <index 5 1>: error calling index: can\'t index item of type int'],
  [
    '{{slice .name 2 1}}',
    '1:2: executing "t" at <slice .name 2 1>: error calling slice: invalid slice index: the start lies behind the end',
  ],
  [
    '{{slice .name 0 1 2}}',
    '1:2: executing "t" at <slice .name 0 1 2>: error calling slice: cannot 3-index slice a string',
  ],
  ['{{slice 5}}', '1:2: executing "t" at <slice 5>: error calling slice: can\'t slice item of type int'],
  ['{{len 3}}', '1:2: executing "t" at <len 3>: error calling len: len of type int'],
  ['{{len nil}}', '1:2: executing "t" at <len nil>: error calling len: len of nil pointer'],
  ['{{call .name}}', '1:2: executing "t" at <call .name>: error calling call: non-function of type string'],
  ['{{call nil}}', '1:2: executing "t" at <call nil>: error calling call: call of nil'],
  [
    '{{range .name}}{{end}}',
    '1:8: executing "t" at <.name>: range can\'t iterate over a value of type string',
  ],
  ['{{range 1.5}}{{end}}', '1:8: executing "t" at <1.5>: range can\'t iterate over a value of type float64'],
  [
    '{{range $i, $x := 3}}{{end}}',
    '1:18: executing "t" at <3>: can\'t use an int to iterate over more than one variable',
  ],
  ['{{template "nope"}}', '1:11: executing "t" at <{{template "nope"}}>: template "nope" not defined'],
  ['x\n y {{ .missing }}', '2:6: executing "t" at <.missing>: map has no entry for key "missing"'],
  [
    '{{define "d"}}\n{{.missing}}{{end}}{{template "d" .}}',
    '2:2: executing "d" at <.missing>: map has no entry for key "missing"',
  ],
];

describe('a template that cannot be parsed', () => {
  test.each(PARSE_ERRORS)('%j fails: %s', (source, message) => {
    expect(failureOf(source)).toBe(`template: t:${message}`);
  });
});

describe('a template that cannot be executed', () => {
  test.each(EXECUTION_ERRORS)('%j fails: %s', (source, message) => {
    expect(failureOf(source)).toBe(`template: t:${message}`);
  });
});
