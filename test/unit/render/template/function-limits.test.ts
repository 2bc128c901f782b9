import { describe, expect, test } from '@jest/globals';
import { templateFunctions } from '../../../../lambda/render/template/functions/template-functions.ts';
import { TemplateError } from '../../../../lambda/render/template/template-error.ts';
import { execute, parseTemplate } from '../../../../lambda/render/template/template.ts';
import { dict } from '../../../../lambda/render/template/value.ts';

const LINES = dict([['lines', '\n'.repeat(60_000)]]);
const TOO_LONG = 'the result is longer than 4194304 bytes';
const TOO_MANY = 'the result has more than 100000 items';
const TOO_DEEP = 'nested more than 200 deep';
const TOO_MUCH = 'takes more than 1000000 steps';

function failureOf(source: string): string {
  try {
    execute(parseTemplate('test', source, templateFunctions), LINES);
  } catch (failure) {
    if (failure instanceof TemplateError) return failure.message;
    throw failure;
  }
  return '';
}

const dictOf = (count: number): string =>
  `{{$d := dict}}{{range $i, $_ := until ${count}}}{{$_ := set $d (print $i) $i}}{{end}}`;
/** Most of what a template has, so that a row need not work for it. */
const used = '{{range 900000}}{{end}}';
const manyTexts = '{{$l := splitList "" (repeat 99000 "x")}}';

/** Each row asks one function for more than a function has room or time for; without a bound it would take the whole process with it. */
describe('what one function may use', () => {
  test.each([
    ['repeat', '{{repeat 9000000000000000000 "a"}}', TOO_LONG],
    ['indent', '{{indent 100000 .lines}}', TOO_LONG],
    ['nindent', '{{nindent 100000 .lines}}', TOO_LONG],
    ['replace', '{{replace "\\n" (repeat 100000 "a") .lines}}', TOO_LONG],
    ['wrap', `${used}{{range 1000}}{{$x := wrap 1 (repeat 90000 "a ")}}{{end}}`, TOO_MUCH],
    ['wrapWith', '{{wrapWith 1 (repeat 40000 "z") (repeat 100000 "a ")}}', TOO_LONG],
    ['quote', '{{$s := repeat 300000 "\\x00"}}{{quote $s $s $s $s $s $s}}', TOO_LONG],
    ['squote', '{{$s := repeat 600000 "a"}}{{squote $s $s $s $s $s $s $s $s}}', TOO_LONG],
    ['cat', '{{$s := repeat 600000 "a"}}{{cat $s $s $s $s $s $s $s $s}}', TOO_LONG],
    ['join', `${manyTexts}{{join (repeat 4000 "y") $l}}`, TOO_LONG],
    ['html', '{{html (repeat 2000000 "<")}}', TOO_LONG],
    ['js', '{{js (repeat 2000000 "<")}}', TOO_LONG],
    ['urlquery', '{{urlquery (repeat 2000000 "<")}}', TOO_LONG],
    ['b64enc', '{{b64enc (repeat 4000000 "a")}}', TOO_LONG],
    ['b32enc', '{{b32enc (repeat 4000000 "a")}}', TOO_LONG],
    ['snakecase', '{{snakecase (repeat 1500000 "aB")}}', TOO_LONG],
    ['until', '{{until 1000000000}}', TOO_MANY],
    ['untilStep', '{{untilStep 0 1000000000 1}}', TOO_MANY],
    ['seq', '{{seq 1 1 1000000000}}', TOO_MANY],
    ['splitList', '{{splitList "" (repeat 200000 "a")}}', TOO_MANY],
    ['split', '{{split "" (repeat 200000 "a")}}', TOO_MANY],
    ['splitn', '{{splitn "" 150000 (repeat 200000 "a")}}', TOO_MANY],
    ['concat', '{{$l := until 60000}}{{concat $l $l}}', TOO_MANY],
    ['append', '{{$l := list}}{{range 100000}}{{$l = append $l 1}}{{end}}', TOO_MUCH],
    ['prepend', '{{$l := list}}{{range 100000}}{{$l = prepend $l 1}}{{end}}', TOO_MUCH],
    ['set', dictOf(99_000), TOO_MUCH],
    ['keys', `${dictOf(3000)}{{keys ${'$d '.repeat(40)}}}`, TOO_MANY],
    ['merge', '{{$d := dict}}{{$_ := set $d "a" $d}}{{merge (dict) $d}}', TOO_DEEP],
    ['mergeOverwrite', '{{$d := dict}}{{$_ := set $d "a" $d}}{{mergeOverwrite (dict) $d}}', TOO_DEEP],
    ['deepCopy', '{{$d := dict}}{{$_ := set $d "a" $d}}{{deepCopy $d}}', TOO_DEEP],
    ['toJson, of depth', '{{$l := list 1}}{{range 300}}{{$l = list $l}}{{end}}{{toJson $l}}', TOO_DEEP],
    ['toJson, of length', '{{toJson (repeat 1000000 "\\x01")}}', TOO_LONG],
    [
      'toJson, of width',
      '{{$l := list 1}}{{range 18}}{{$l = list $l $l}}{{end}}{{toJson $l}}',
      'more than 100000 items',
    ],
    ['toPrettyJson', '{{$l := list 1}}{{range 300}}{{$l = list $l}}{{end}}{{toPrettyJson $l}}', TOO_DEEP],
    ['toYaml', '{{$l := list 1}}{{range 300}}{{$l = list $l}}{{end}}{{toYaml $l}}', TOO_DEEP],
    ['fromJson', '{{fromJson (print "[" (repeat 300000 "{},") "0]")}}', TOO_MANY],
    ['mustFromJson', '{{mustFromJson (print "[" (repeat 300000 "0,") "0]")}}', TOO_MANY],
    ['printf, by widths', `{{printf "${'%*d'.repeat(5)}" ${'1000000 1 '.repeat(5)}}}`, TOO_LONG],
    ['printf, by arguments', '{{printf (repeat 300000 "%[1]s") (repeat 4000 "a")}}', TOO_LONG],
    ['regexReplaceAll', '{{regexReplaceAll "\\n" .lines (repeat 4000 "b")}}', TOO_LONG],
    ['regexReplaceAll, by groups', '{{regexReplaceAll "(?s)(.*)" .lines (repeat 4000 "$1")}}', TOO_LONG],
    ['regexReplaceAllLiteral', '{{regexReplaceAllLiteral "" .lines (repeat 4000 "b")}}', TOO_LONG],
    ['regexFindAll', '{{regexFindAll "" (repeat 150000 "a") -1}}', TOO_MANY],
    [
      'regexFindAll, that looks at all the rest each time',
      `${used}{{regexFindAll "a*b|a" (repeat 60000 "a") -1}}`,
      TOO_MUCH,
    ],
    ['regexSplit, the same', `${used}{{regexSplit "a.*b|a" (repeat 60000 "a") -1}}`, TOO_MUCH],
    [
      'regexMatch',
      `${used}{{range 5000}}{{$x := regexMatch "[\\\\pL\\\\pN\\\\pS]{100}" "a"}}{{end}}`,
      TOO_MUCH,
    ],
    ['a long expression', '{{regexMatch (repeat 5000 "(") "a"}}', 'longer than 4096 bytes'],
    ['bcrypt', `${used}{{range 100}}{{$x := bcrypt "fake"}}{{end}}`, TOO_MUCH],
    ['htpasswd', `${used}{{range 100}}{{$x := htpasswd "u" "fake" "bcrypt"}}{{end}}`, TOO_MUCH],
    ['derivePassword', `${used}{{range 100}}{{$x := derivePassword 1 "long" "p" "u" "s"}}{{end}}`, TOO_MUCH],
    ['date', '{{date (repeat 100000 "Monday") 1}}', 'longer than 1000 bytes'],
    ['lists that are kept', '{{$l := list}}{{range 1000}}{{$l = append $l (until 90000)}}{{end}}', TOO_MUCH],
    [
      'dicts that are kept',
      `{{$l := list}}{{range 1000}}{{$l = append $l (split "" (repeat 90000 "a"))}}{{end}}`,
      TOO_MUCH,
    ],
    [
      'texts that are kept',
      '{{$l := list}}{{range 1000}}{{$l = append $l (repeat 4000000 "a")}}{{end}}',
      TOO_MUCH,
    ],
  ])('%s is bounded', (_, source, reason) => {
    expect(failureOf(source)).toContain(reason);
  });

  test('what a secret may hold is no trouble', () => {
    const all = [
      '{{$t := repeat 60000 "a b\\n"}}{{$x := regexReplaceAll "[^a-z]" $t ""}}{{$y := splitList "\\n" $t}}{{$z := join "," $y}}',
      '{{$j := toJson (until 10000)}}{{$x := fromJson $j}}{{$p := regexReplaceAll "\\\\s+" (repeat 900 (print (repeat 64 "A") "\\n")) ""}}',
    ];
    expect(all.map(failureOf)).toEqual(['', '']);
  });
});
