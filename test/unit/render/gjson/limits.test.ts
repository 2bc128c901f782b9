import { describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../../lambda/errors.ts';
import { get } from '../../../../lambda/render/gjson/get.ts';
import { PathLimitError } from '../../../../lambda/render/gjson/limits.ts';
import { MISSING, textOf } from '../../../../lambda/render/gjson/raw-value.ts';
import { selectProperty } from '../../../../lambda/render/property.ts';

const ELEMENTS = 2000;
const list = `[${Array.from({ length: ELEMENTS }, (_, id) => `{"id":${id},"key":"fake-${id}"}`).join(',')}]`;
const deep = '['.repeat(30_000) + ']'.repeat(30_000);
const shallow = '['.repeat(200) + ']'.repeat(200);
const heavy = `${'['.repeat(200)}${'1,'.repeat(30_000)}1${']'.repeat(200)}`;

describe('a path that would take more than one may is refused: one that', () => {
  test.each([
    ['doubles the document at each step', 'characters', list, Array(60).fill('[@this,@this]').join('|')],
    ['escapes the escapes at each step', 'document', list, Array(60).fill('@tostr').join('|')],
    ['looks at every level of a document', 'characters', heavy, '@dig:x'],
    ['looks from everything at everything', 'characters', list, '@dig:@dig:@dig:@dig:@dig:id'],
    ['flattens every level of a document', 'characters', heavy, '@flatten:{"deep":true}'],
    ['flattens deeper than calls can', 'levels', '['.repeat(9000), '@flatten:{"deep":true}'],
    ['tries every level on one line', 'characters', heavy, '@pretty:{"width":1000000}'],
    ['formats deeper than calls can', 'levels', '['.repeat(9000), '@pretty:{"width":0}'],
    ['descends deeper than calls can', 'levels', deep, Array(5000).fill('0').join('.')],
    ['goes into arrays in arrays', 'levels', '['.repeat(9000), Array(5000).fill('#').join('.')],
    ['nests multipaths', 'characters', list, '{'.repeat(20_000) + '}'.repeat(20_000)],
    ['nests queries', 'levels', '['.repeat(9000), `${'#('.repeat(300)}#${')'.repeat(300)}`],
    ['asks much of everything', 'characters', list, `[${Array(5000).fill('#.id').join(',')}]`],
    ['tries a pattern', 'characters', `["${'a'.repeat(60_000)}"]`, `#(%"*${'a'.repeat(3000)}b*c")`],
    ['compares with much', 'characters', `[${'1,'.repeat(20_000)}1]`, `#(>${'1'.repeat(60_000)})#`],
    ['names much', 'characters', `{${'"a":{},'.repeat(8000)}"b":{}}`, `*.${'x'.repeat(60_000)}`],
    ['indexes much', 'characters', `{${'"a":[],'.repeat(8000)}"b":[]}`, `*.${'x'.repeat(60_000)}`],
    ['indents', 'characters', shallow, `@pretty:{"width":0,"indent":"${' '.repeat(60_000)}"}`],
  ])('%s', (_, limit, document, path) => {
    const run = (): string => get(document, path);

    expect(run).toThrow(PathLimitError);
    expect(run).toThrow(limit);
  });

  test('is refused by code and place, without a word of the secret', () => {
    const select = (): unknown => selectProperty(Buffer.from(list), '@dig:@dig:@dig:@dig:@dig:id', 'shop/db');

    expect(select).toThrow(RelayError);
    expect(select).toThrow(/^PROPERTY_TOO_COSTLY: shop\/db: (?!.*fake)/u);
  });
});

describe('a path that takes time in proportion to its document is followed:', () => {
  test.each([
    ['#', String(ELEMENTS)],
    ['#(id==1999).key', 'fake-1999'],
    ['#(id>=1998)#|#.key', '["fake-1998","fake-1999"]'],
    ['@reverse|0|id', '1999'],
    ['@ugly|@tostr|@fromstr|@valid|1.id', '1'],
    ['@pretty:{"sortKeys":true}|@values|1.id', '1'],
    ['@dig:id|#', String(ELEMENTS)],
    ['@join|id', '1999'],
    ['#.{id,key}|@flatten|#', String(ELEMENTS)],
  ])('%s', (path, value) => {
    expect(textOf(get(list, path))).toBe(value);
  });

  test('a pattern with many asterisks', () => {
    const text = 'a'.repeat(2000);

    expect(textOf(get(`["${text}b"]`, `#(%"${'*a'.repeat(500)}*b")`))).toBe(`${text}b`);
    expect(get(`["${text}"]`, `#(%"${'*a'.repeat(500)}*b")`)).toBe(MISSING);
  });

  test('a name behind more brackets than calls could descend', () => {
    expect(textOf(get(`{"a":${deep},"b":"behind"}`, 'b'))).toBe('behind');
  });
});
