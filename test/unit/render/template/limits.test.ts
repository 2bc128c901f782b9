import { describe, expect, test } from '@jest/globals';
import { failureOf, render } from './fixture.ts';
import { dict } from '../../../../lambda/render/template/value.ts';

const long = dict([['a', 'x'.repeat(60_000)]]);
const block = (open: string, count: number) => open.repeat(count) + 'x' + '{{end}}'.repeat(count);

describe('what one template may use', () => {
  test.each([
    ['a loop without end', '{{range 1000000000}}{{end}}', 'takes more than 1000000 steps'],
    [
      'a template that calls itself',
      '{{define "r"}}{{template "r"}}{{end}}{{template "r"}}',
      'maximum template depth (100)',
    ],
    ['blocks within blocks', block('{{if 1}}', 300), 'max expression depth exceeded'],
    [
      'parentheses within parentheses',
      `{{${'('.repeat(300)}1${')'.repeat(300)}}}`,
      'max expression depth exceeded',
    ],
    [
      'else if without end',
      `{{if 0}}${'{{else if 0}}'.repeat(1000)}{{end}}`,
      'max expression depth exceeded',
    ],
    [
      'deep templates that call each other',
      `{{define "r"}}${block('{{range list 1}}', 150)}{{template "r"}}{{end}}{{define "s"}}${'{{if 1}}'.repeat(190)}{{template "s"}}${'{{end}}'.repeat(190)}{{end}}{{template "s"}}`,
      'nested more than 300 deep',
    ],
    ['variables', '{{$a := 1}}'.repeat(600), 'more than 500 variables'],
    [
      'a string that multiplies',
      `{{$x := "ab"}}{{range 100}}{{$x = print ${'$x '.repeat(40)}}}{{end}}`,
      'longer than 4194304 bytes',
    ],
    [
      'many long strings',
      '{{range 100000}}{{$y := print $.a $.a $.a}}{{end}}',
      'takes more than 1000000 steps',
    ],
    [
      'wide formats',
      '{{range 100000}}{{$y := printf "%1000000d" 1}}{{end}}',
      'takes more than 1000000 steps',
    ],
    ['work that a function spends', '{{work 600000}}{{work 600000}}', 'takes more than 1000000 steps'],
    ['output', '{{range 100}}{{$.a}}{{end}}', 'the output is longer than 1048576 bytes'],
    ['source', ' '.repeat(1_048_577), 'the source is longer than 1048576 bytes'],
    ['digits of a number', `{{${'1'.repeat(1001)}}}`, 'number longer than 1000 characters'],
    ['a dict that holds itself', '{{$d := dict}}{{$_ := set $d "d" $d}}{{$d}}', 'nested more than 200 deep'],
    [
      'a walk through a dict that holds itself',
      '{{$d := dict}}{{$_ := set $d "d" $d}}{{walk $d}}',
      'nested more than 200 deep',
    ],
    [
      'a list that doubles',
      '{{$l := list 1}}{{range 60}}{{$l = list $l $l}}{{end}}{{$l}}',
      'longer than 4194304 bytes',
    ],
    [
      'a walk through a list that doubles',
      '{{$l := list 1}}{{range 60}}{{$l = list $l $l}}{{end}}{{walk $l}}',
      'more than 100000 items',
    ],
  ])('%s is bounded', (_, source, reason) => {
    expect(failureOf(source, long)).toContain(reason);
  });

  test('what surrounds many templates counts for each of them', () => {
    const deep = `{{define "r"}}${'{{range list 1}}'.repeat(195)}x${'{{end}}'.repeat(195)}{{end}}`;

    expect(render(`${deep}${'{{range list 1}}'.repeat(98)}{{template "r"}}${'{{end}}'.repeat(98)}`)).toBe(
      'x',
    );
  });

  test('a message repeats the beginning of a long action only', () => {
    expect(failureOf(`{{print ${'"a" '.repeat(10_000)} .missing.x}}{{.missing}}`).length).toBeLessThan(1000);
    expect(failureOf(`{{${'a'.repeat(10_000)}}}`).length).toBeLessThan(1000);
  });

  test('sources without end are read in one go', () => {
    expect(failureOf('{{'.repeat(200_000))).toContain('unexpected "{" in command');
    expect(failureOf('{{/*'.repeat(200_000))).toContain('unclosed comment');
    expect(render(`${' '.repeat(500_000)}{{- 1 -}}${' '.repeat(500_000)}`)).toBe('1');
  });
});

describe('names that mean something in JavaScript', () => {
  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'length'])('%s is no key', (name) => {
    expect(failureOf(`{{.${name}}}`)).toContain(`map has no entry for key "${name}"`);
    expect(failureOf(`{{${name}}}`)).toContain(`function "${name}" not defined`);
    expect(failureOf(`{{"".${name}}}`)).toContain('unexpected . after term');
    expect(failureOf(`{{$x := list 1}}{{$x.${name}}}`)).toContain(
      `can't evaluate field ${name} in type []interface {}`,
    );
  });

  test('a key of that name is a key like any other', () => {
    expect(render('{{$d := dict}}{{$_ := set $d "__proto__" 1}}{{$d.__proto__}} {{$d}}')).toBe(
      '1 map[__proto__:1]',
    );
  });
});
