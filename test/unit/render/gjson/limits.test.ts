import { describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../../lambda/errors.ts';
import { selectProperty } from '../../../../lambda/render/property.ts';

const ELEMENTS = 2000;
const list = `[${Array.from({ length: ELEMENTS }, (_, id) => `{"id":${id},"key":"fake-${id}"}`).join(',')}]`;
const deep = '['.repeat(30_000) + ']'.repeat(30_000);

function select(document: string, property: string): string {
  return Buffer.from(selectProperty(Buffer.from(document), property, 'shop/db: prod/db')).toString();
}

function failureOf(document: string, property: string): RelayError {
  try {
    select(document, property);
  } catch (failure) {
    if (failure instanceof RelayError) return failure;
    throw failure;
  }
  throw new Error('there is an answer');
}

describe('a path that would take more than one may is refused', () => {
  test.each([
    ['doubles the document at each step', list, Array(60).fill('[@this,@this]').join('|')],
    ['escapes the escapes at each step', list, Array(60).fill('@tostr').join('|')],
    ['looks at every level of a deep document', deep, '@dig:x'],
    ['looks from every level at every level', list, '@dig:@dig:@dig:@dig:@dig:id'],
    ['flattens a deep document', deep, '@flatten:{"deep":true}'],
    ['formats a deep document', deep, '@pretty'],
    ['goes through arrays within arrays', deep, Array(5000).fill('#').join('.')],
    ['descends further than calls can', deep, Array(5000).fill('0').join('.')],
    ['nests multipaths', list, '{'.repeat(20_000) + '}'.repeat(20_000)],
    ['nests queries', deep, `${'#('.repeat(5000)}#${')'.repeat(5000)}`],
    ['asks many paths of everything', list, `[${Array(5000).fill('#|#').join(',')}]`],
    ['tries a long pattern everywhere', `["${'a'.repeat(60_000)}"]`, `#(%"*${'a'.repeat(3000)}b*c")`],
    ['compares everything with a long number', `[${'1,'.repeat(20_000)}1]`, `#(>${'1'.repeat(60_000)})#`],
    ['looks for a long name everywhere', `{${'"a":{},'.repeat(8000)}"b":{}}`, `*.${'x'.repeat(60_000)}`],
    ['begins each line with a long text', deep, `0|@pretty:{"width":0,"indent":"${' '.repeat(60_000)}"}`],
  ])('one that %s', (_, document, property) => {
    const failure = failureOf(document, property);

    expect(failure.code).toBe('PROPERTY_TOO_COSTLY');
    expect(failure.message).toContain('shop/db: prod/db');
    expect(failure.message).not.toContain('fake-');
  });
});

describe('a path that takes time in proportion to its document is followed', () => {
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
  ])('%s', (property, value) => {
    expect(select(list, property)).toBe(value);
  });

  test('a pattern with many asterisks', () => {
    const text = 'a'.repeat(2000);

    expect(select(`["${text}b"]`, `#(%"${'*a'.repeat(500)}*b")`)).toBe(`${text}b`);
    expect(() => select(`["${text}"]`, `#(%"${'*a'.repeat(500)}*b")`)).toThrow('PROPERTY_NOT_FOUND');
  });

  test('a name at a depth that only a list of open brackets can have', () => {
    expect(select(`{"a":${deep},"b":"behind"}`, 'b')).toBe('behind');
  });
});
