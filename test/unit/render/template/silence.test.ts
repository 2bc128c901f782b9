import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { STRING_DICT, dict } from '../../../../lambda/render/template/value.ts';
import { failureOf } from './fixture.ts';

const CANARY = 'c4n4ry';
const secret = dict([['s', CANARY]], STRING_DICT);

describe('a message never holds what came from data', () => {
  test.each([
    '{{range .s}}{{end}}',
    '{{range $i, $v := .s}}{{end}}',
    '{{.s.inner}}',
    '{{i64 .s}}',
    '{{index . .s | index .s}}',
    '{{index .s .s}}',
    '{{index (list 1) .s}}',
    '{{index (list 1) (len .s)}}',
    '{{slice .s 99}}',
    '{{eq (list .s) (list .s)}}',
    '{{eq (dict .s .s) (list)}}',
    '{{lt .s 1}}',
    '{{len (printf "%d" .s | len)}}',
    '{{call .s}}',
    '{{.s | call}}',
    '{{fail .s}}',
    '{{printf "no %s" .s | fail}}',
    '{{crash .s}}',
    '{{template "x" .s}}{{define "x"}}{{.missing}}{{end}}',
    '{{$x := .s}}{{$x.missing}}',
    '{{anys .s}}',
    '{{isb (dict .s 1)}}',
  ])('%s', (source) => {
    const message = failureOf(source, secret);

    expect(message).toMatch(/^template: t:1:\d+: executing/u);
    expect(message).not.toContain(CANARY);
  });

  test('text that a template wants to fail with is shown where it stands in the template', () => {
    expect(failureOf('{{if .s}}{{fail "set a password"}}{{end}}', secret)).toContain(
      'error calling fail: set a password',
    );
    expect(failureOf('{{fail .s}}', secret)).toContain('error calling fail: failed');
  });

  test('whatever the template is', () => {
    const word = fc.constantFrom(
      '.s',
      '$',
      '.',
      '$.s',
      'list',
      'dict',
      'index',
      'slice',
      'len',
      'printf',
      'eq',
      'lt',
      'up',
      'i64',
      'fail',
      'crash',
      '1',
      '"a"',
      '|',
      '(',
      ')',
      'anys',
      'call',
      'html',
      'and',
      'or',
    );
    const action = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => `{{${words.join(' ')}}}`);

    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 4 }), (actions) => {
        expect(failureOf(actions.join(''), secret)).not.toContain(CANARY);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('whatever the source is', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '{{-',
    '-}}',
    ' ',
    '\n',
    '"',
    '`',
    "'",
    '\\',
    '(',
    ')',
    '|',
    '.',
    '$',
    '$x',
    ':=',
    '=',
    ',',
    '/*',
    '*/',
    'if',
    'else',
    'end',
    'range',
    'with',
    'define',
    'template',
    'block',
    'break',
    'nil',
    'true',
    '1',
    '0x',
    '1e',
    '.s',
    'é',
    '\u0000',
    '%',
  );

  test('it is a template or an error about one', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (source) => {
          const message = failureOf(source, secret);

          expect(message === 'nothing failed' || message.startsWith('template: t:')).toBe(true);
        },
      ),
      { numRuns: 5000 },
    );
  });
});
