import { describe, expect, test } from '@jest/globals';
import { isMapping, readYaml } from '../../../../lambda/render/yaml/read.ts';
import type { Yaml } from '../../../../lambda/render/yaml/read.ts';
import { parseTextMap } from '../../../../lambda/render/yaml/text-map.ts';

/** As plain JS, for comparing. */
function plain(value: Yaml | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value.kind === 'list') return value.items.map(plain);
  return Object.fromEntries([...value.members].map(([name, member]) => [name, plain(member)]));
}

describe('reading YAML as sigs.k8s.io/yaml', () => {
  test.each([
    ['nothing', '', null],
    ['a comment', '# only', null],
    ['words', 'a: yes\nb: ~\nc: "yes"\nd: 12:30', { a: true, b: null, c: 'yes', d: '12:30' }],
    ['a time, which stays a text', 'a: 2026-01-02', { a: '2026-01-02' }],
    ['the first of two documents', 'a: 1\n---\nb: ]', { a: 1n }],
    ['the later of two members of one name', 'a: 1\na: 2', { a: 2n }],
    [
      'keys that are no texts',
      '1: a\n1.5: b\ntrue: c\n0x10: d\n.inf: e',
      { 1: 'a', 1.5: 'b', true: 'c', 16: 'd', '.inf': 'e' },
    ],
    ['a key as float32', '3.14159265358979: x', { '3.1415927': 'x' }],
    [
      'tags',
      'a: !!str 1\nb: !!int "5"\nc: !!float 5\nd: !!binary aGk=\ne: !own x',
      { a: '1', b: 5n, c: 5, d: 'hi', e: 'x' },
    ],
    ['aliases', 'a: &x {k: 1}\nb: *x', { a: { k: 1n }, b: { k: 1n } }],
    [
      'an anchor that is set twice',
      'a: &x {k: &y 1}\nb: &y 2\nc: *x\nd: *y',
      { a: { k: 1n }, b: 2n, c: { k: 1n }, d: 2n },
    ],
    [
      'a merge, at its place',
      'a: &x {k: 1, l: 1}\nb:\n  k: 0\n  <<: *x\n  l: 2',
      { a: { k: 1n, l: 1n }, b: { k: 1n, l: 2n } },
    ],
    ['merges, of which the first counts most', 'b: {<<: [{a: 1}, {a: 2, c: 3}]}', { b: { a: 1n, c: 3n } }],
    ['a quoted key that looks like a merge', '"<<": 1', { '<<': 1n }],
    ['a block without a line break at the end', 'a: |\n  x\n  y', { a: 'x\ny' }],
    ['a block with one', 'a: |\n  x\n  y\n', { a: 'x\ny\n' }],
    ['a block before spaces', 'a: |\n  x\n  ', { a: 'x\n' }],
    ['a folded block', 'a: >\n  x\n  y', { a: 'x y' }],
    ['JSON', '{"a":[1,"b",null]}', { a: [1n, 'b', null] }],
    ['a name of JS', '__proto__: 1\nconstructor: 2', JSON.parse('{"__proto__":1,"constructor":2}')],
  ])('%s', (_, text, expected) => {
    const shown = JSON.stringify(plain(readYaml(text)), (__, value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value,
    );
    const wanted = JSON.stringify(expected, (__, value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value,
    );

    expect(shown).toBe(wanted);
  });

  test.each([
    ['a mistake', 'a: ]'],
    ['an unknown anchor', 'a: *x'],
    ['an anchor within itself', 'a: &x [*x]'],
    ['a merge of something else', 'a: {<<: 1}'],
    ['a null as a key', '~: 1'],
    ['a list as a key', '[a]: 1'],
    ['an integer beyond int64 as a key', '18446744073709551615: 1'],
    ['a tag that does not fit', 'a: !!int x'],
    ['binary that is no base64', 'a: !!binary x'],
    ['a control character', 'a: "\u0001"'],
  ])('%s is refused', (_, text) => {
    expect(readYaml(text)).toBeUndefined();
  });

  test.each([
    ['brackets', '['.repeat(100_000)],
    ['closed brackets', `${'['.repeat(1000)}${']'.repeat(1000)}`],
    ['dashes', '- '.repeat(20_000)],
    [
      'aliases of aliases',
      `a0: &a0 x\n${Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`).join('\n')}`,
    ],
    ['a document of too many tokens', 'a: b\n'.repeat(10_000)],
  ])('%s without end are refused', (_, text) => {
    expect(readYaml(text)).toBeUndefined();
  });

  test('lists may be nested as deep as templates may go into them', () => {
    const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

    expect(readYaml(nested(200))).toBeDefined();
    expect(readYaml(nested(300))).toBeUndefined();
  });

  test('many aliases of one anchor are looked up in one go', () => {
    const document = readYaml(`a: &a x\nb: [${'*a, '.repeat(10_000)}]`);

    expect(isMapping(document)).toBe(true);
  });
});

describe('a mapping of texts', () => {
  test.each([
    [
      'texts, numbers, words and nothing',
      'a: x\nb: 1\nc: 0x10\nd: yes\ne: ~\nf: ""\ng:',
      { a: 'x', b: '1', c: '16', d: 'true', e: '', f: '', g: '' },
    ],
    [
      'floats as float32',
      'a: 1.5\nb: 3.14159265358979\nc: 1e10\nd: .inf\ne: 1.0',
      { a: '1.5', b: '3.1415927', c: '1e+10', d: '+Inf', e: '1' },
    ],
    ['times of day and dates', 'a: 12:30:45\nb: 2026-01-02', { a: '12:30:45', b: '2026-01-02' }],
    [
      'large integers',
      'a: 9007199254740993\nb: 18446744073709551615',
      { a: '9007199254740993', b: '18446744073709551615' },
    ],
    ['nothing', '', {}],
  ])('%s', (_, text, expected) => {
    expect(Object.fromEntries(parseTextMap(text) ?? [])).toEqual(expected);
  });

  test.each(['- a', 'a', 'a: {b: c}', 'a: [b]', 'a: ]'])('%s is none', (text) => {
    expect(parseTextMap(text)).toBeUndefined();
  });
});
