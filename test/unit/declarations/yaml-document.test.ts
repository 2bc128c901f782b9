import { expect, test } from '@jest/globals';
import { formatProblem } from '../../../lambda/declarations/problems.ts';
import { parseYaml } from '../../../lambda/declarations/yaml-document.ts';

const parse = (text: string) => parseYaml({ path: 'a.yaml', text }, 'DECLARATION_INVALID');

/** Five levels of nine: some 60,000 nodes from 150 characters. */
const BOMB = ['a', 'b', 'c', 'd', 'e']
  .map(
    (name, level, names) =>
      `${name}: &${name} [${Array(9)
        .fill(level === 0 ? 'x' : `*${names[level - 1]}`)
        .join(',')}]`,
  )
  .join('\n');

test.each([
  ['a key twice', 'a: 1\nb: 2\na: 3\n', '3:1: found a key that was there before, expected each key once'],
  [
    'a key twice further down',
    'a:\n  b: 1\n  b: 2\n',
    '3:3: found a key that was there before, expected each key once',
  ],
  ['a tab', 'a:\n\tb: 1\n', '2:1: found a tab as indentation, expected spaces'],
  ['an unknown tag', 'a: !!js/function x\n', '1:4: found an unknown or mistaken tag, expected no tag'],
  [
    'an alias without an anchor',
    'a: *b\n',
    '1:4: found an alias without an anchor, expected the anchor before it',
  ],
  ['many aliases', BOMB, '1:1: found too many or recursive aliases, expected the text written out'],
  [
    'a reserved key',
    'a:\n  __proto__: { b: 1 }\n',
    '2:3: found a key that is no text or is reserved, expected a text as key, in quotes where it looks like something else',
  ],
  [
    'a key that is a list',
    '? [a]\n: b\n',
    '1:3: found a key that is no text or is reserved, expected a text as key, in quotes where it looks like something else',
  ],
  [
    'a key that is a number',
    'a: { 1: b }\n',
    '1:6: found a key that is no text or is reserved, expected a text as key, in quotes where it looks like something else',
  ],
])('%s is a problem with its place', (_what, text, message) => {
  const { documents, problems } = parse(text);

  expect(documents).toEqual([]);
  expect(problems.map(formatProblem)).toEqual([`a.yaml:${message}`]);
});

test.each([
  ['brackets', '['.repeat(200_000)],
  ['mappings', '{a: '.repeat(50_000)],
  ['indentation', Array.from({ length: 3_000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
])('a file of nothing but %s is refused', (_what, text) => {
  const { documents, problems } = parse(text);

  expect(documents).toEqual([]);
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.length).toBeLessThan(20);
});

test('a file far beyond any configuration is refused unread', () => {
  expect(parse('#'.repeat(4_000_001)).problems.map(formatProblem)).toEqual([
    'a.yaml:1:1: found 4000001 characters, expected at most 4000000 in one file',
  ]);
});

test('a broken document leaves its neighbours readable', () => {
  const { documents, problems } = parse('a: 1\n---\nb: [\n---\nc: 3\n');

  expect(documents.map(({ value }) => value)).toContainEqual({ a: 1 });
  expect(problems[0]).toMatchObject({ code: 'DECLARATION_INVALID', file: 'a.yaml' });
});

test.each([
  ['a text', ['spec', 'name'], 'value', 2, 9],
  ['its key', ['spec', 'name'], 'key', 2, 3],
  ['a mapping', ['spec', 'more'], 'value', 3, 3],
  ['an item of a list', ['spec', 'more', 'list', 1], 'value', 4, 15],
  ['a field of an item', ['spec', 'items', 0, 'key'], 'value', 6, 12],
  ['an empty value', ['spec', 'empty'], 'value', 7, 3],
  ['what is missing', ['spec', 'more', 'missing', 'deeper'], 'value', 3, 3],
  ['what is missing in an item', ['spec', 'items', 0, 'missing'], 'value', 6, 7],
  ['an index out of range', ['spec', 'items', 7], 'value', 5, 3],
  ['behind an alias', ['spec', 'again', 'list', 0], 'value', 4, 12],
  ['the document', [], 'value', 1, 1],
] as const)('%s is found at its place', (_what, path, part, line, column) => {
  const text =
    'spec:\n  name: x\n  more: &more\n    list: [a, b]\n  items:\n    - key: v\n  empty:\n  again: *more\n';
  const [document] = parse(text).documents;

  expect(document?.locate(path, part)).toEqual({ line, column });
});
