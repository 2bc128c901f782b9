import { describe, expect, test } from '@jest/globals';
import { compareKeys } from '../../../../lambda/render/yaml/key-order.ts';
import { writeYaml } from '../../../../lambda/render/yaml/write.ts';
import type { Writable } from '../../../../lambda/render/yaml/write.ts';

type Plain = string | number | readonly Plain[] | { readonly [name: string]: Plain };

function writable(value: Plain): Writable {
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (typeof value === 'number') return { kind: 'word', word: String(value) };
  if (isList(value)) return { kind: 'list', items: value.map(writable) };
  return {
    kind: 'map',
    members: new Map(Object.entries(value).map(([name, each]) => [name, writable(each)])),
  };
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

const yaml = (value: Plain): string => writeYaml(writable(value));
/** Lines may be longer than 80 by the word that makes them so. */
const first = Array.from({ length: 13 }, (_, index) => `word${index}`).join(' ');
const words = `${first} and more`;

describe('writing YAML as go-yaml 2', () => {
  test.each([
    ['a list below its key', { a: [1, 'x'] }, 'a:\n- 1\n- x\n'],
    ['maps in a list', [{ a: 1, b: 2 }, {}], '- a: 1\n  b: 2\n- {}\n'],
    ['lists in a list', [[1, 2], []], '- - 1\n  - 2\n- []\n'],
    ['maps in maps', { a: { b: { c: 1 } } }, 'a:\n  b:\n    c: 1\n'],
    ['lists in maps in lists', [{ a: [1], b: [] }], '- a:\n  - 1\n  b: []\n'],
    [
      'words, quoted where they would be something else',
      ['yes', '1', '', '~', '1:30', 'a'],
      '- "yes"\n- "1"\n- ""\n- "~"\n- "1:30"\n- a\n',
    ],
    [
      'indicators',
      ['- a', '-a', ': ', 'a: b', 'a:b', 'a #b', 'a#b', '*a', '---'],
      `- '- a'\n- -a\n- ': '\n- 'a: b'\n- a:b\n- 'a #b'\n- a#b\n- '*a'\n- '---'\n`,
    ],
    ['quotes', ["it's", "' ", '"'], `- it's\n- ''' '\n- '"'\n`],
    [
      'what has to be escaped',
      ['\t', '\0', 'a\rb', '😀', 'é', '\u00a0', '\ufeff'],
      '- "\\t"\n- "\\0"\n- "a\\rb"\n- "\\U0001F600"\n- é\n- \u00a0\n- "\\uFEFF"\n',
    ],
    [
      'lines',
      { a: 'x\ny\n', b: 'x\ny', c: 'x\n\n', d: '\n', e: ' x\n', f: 'x \ny' },
      'a: |\n  x\n  y\nb: |-\n  x\n  y\nc: |+\n  x\n\nd: |2+\n\ne: |2\n   x\nf: "x \\ny"\n',
    ],
    ['a text alone', 'x\ny', '|-\n  x\n  y\n'],
    ['a long line, folded', { a: words }, `a: ${first}\n  and more\n`],
    [
      'a long line within quotes',
      [`: ${words}`, `\t${words}`],
      `- ': ${first}\n  and more'\n- "\\t${first}\n  and more"\n`,
    ],
    ['a key of several lines', { 'a\nb': 1 }, '? |-\n  a\n  b\n: 1\n'],
    ['a key that is too long', { ['k'.repeat(129)]: [1] }, `? ${'k'.repeat(129)}\n: - 1\n`],
    ['keys that have to be quoted', { '': 1, yes: 2, 'a: b': 3 }, `"": 1\n'a: b': 3\n"yes": 2\n`],
  ])('%s', (_, value, expected) => {
    expect(yaml(value)).toBe(expected);
  });

  test('keys are in natural order', () => {
    const keys = ['a10', 'a2', 'B', '_', 'a', 'a01', '10', '9', 'é', 'ab'];

    expect(keys.toSorted(compareKeys)).toEqual(['_', '9', '10', 'B', 'a', 'a01', 'a2', 'a10', 'ab', 'é']);
    expect(['x100', 'x1000', 'x10'].toSorted(compareKeys)).toEqual(['x10', 'x100', 'x1000']);
  });
});
