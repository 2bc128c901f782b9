import { describe, expect, test } from '@jest/globals';
import { readFloat, readInteger } from '../../../../lambda/render/template/constant.ts';
import {
  decodeRune,
  encodeRune,
  fromBytes,
  fromGo,
  isUtf8,
  runeCount,
  runesOf,
  toBytes,
  toGo,
} from '../../../../lambda/render/template/go-string.ts';
import { canBackquote, isPrint, quote, quoteRune } from '../../../../lambda/render/template/quote.ts';
import {
  any,
  anyDict,
  anyList,
  bool,
  float64,
  fn2Rest,
  fn4,
  int as intParam,
  string,
  stringDict,
  stringList,
  structParam,
} from '../../../../lambda/render/template/signature.ts';
import * as v from '../../../../lambda/render/template/value.ts';

describe('values know their Go type and kind', () => {
  test.each([
    [null, '<nil>', 'invalid', false],
    [true, 'bool', 'bool', true],
    ['', 'string', 'string', false],
    [v.int(1), 'int', 'int', true],
    [v.int(0, 'uint8'), 'uint8', 'uint8', false],
    [v.float(0), 'float64', 'float64', false],
    [v.bytes('a'), '[]uint8', 'slice', true],
    [v.list([]), '[]interface {}', 'slice', false],
    [v.list(['a'], v.STRING_LIST), '[]string', 'slice', true],
    [v.dict(), 'map[string]interface {}', 'map', false],
    [v.dict([['a', 'b']], v.STRING_DICT), 'map[string]string', 'map', true],
    [v.struct('time.Time', {}), 'time.Time', 'struct', true],
    [v.struct('*semver.Version', {}), '*semver.Version', 'ptr', true],
  ])('%j', (value, type, kind, truth) => {
    expect([v.typeOf(value), v.kindOf(value), v.isTrue(value)]).toEqual([type, kind, truth]);
  });

  test('integers wrap around at the ends of their type', () => {
    expect(v.int(256n, 'uint8').value).toBe(0n);
    expect(v.int(-1n, 'uint64').value).toBe(18446744073709551615n);
    expect(v.int(2n ** 63n).value).toBe(-(2n ** 63n));
  });

  test('keys are sorted by bytes', () => {
    expect(v.sortedKeys(v.dict(['b', 'a', 'B', '\xff', '10', '9'].map((key) => [key, null])))).toEqual([
      '10',
      '9',
      'B',
      'a',
      'b',
      '\xff',
    ]);
  });

  test('containers know what they hold', () => {
    expect(v.elementType(v.list([], '[]string'))).toBe('string');
    expect(v.elementType(v.list([], '[][]string'))).toBe('[]string');
    expect(v.elementType(v.dict())).toBe('interface {}');
  });
});

describe('Go strings are bytes', () => {
  test('text goes there and back', () => {
    expect(toGo('aé€😀')).toBe('a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80');
    expect(fromGo(toGo('aé€😀'))).toBe('aé€😀');
    expect(fromGo('\xffa')).toBe('\ufffda');
    expect([...toBytes(fromBytes(Uint8Array.of(0, 127, 128, 255)))]).toEqual([0, 127, 128, 255]);
  });

  test.each([
    ['a', 0x61, 1],
    ['\xc3\xa9', 0xe9, 2],
    ['\xe2\x82\xac', 0x20ac, 3],
    ['\xf0\x9f\x98\x80', 0x1f600, 4],
    ['\xef\xbf\xbd', 0xfffd, 3],
    ['\x80', 0xfffd, 1],
    ['\xc3', 0xfffd, 1],
    ['\xc3a', 0xfffd, 1],
    ['\xc0\x80', 0xfffd, 1],
    ['\xe0\x80\x80', 0xfffd, 1],
    ['\xed\xa0\x80', 0xfffd, 1],
    ['\xf0\x80\x80\x80', 0xfffd, 1],
    ['\xf4\x90\x80\x80', 0xfffd, 1],
    ['\xf8\x88\x80\x80\x80', 0xfffd, 1],
  ])('%j starts with code point %d of %d bytes', (text, rune, width) => {
    expect(decodeRune(text, 0)).toEqual({ rune, width });
  });

  test('code points are counted and made', () => {
    expect(runesOf('a\xff\xc3\xa9')).toEqual([0x61, 0xfffd, 0xe9]);
    expect(runeCount('a\xff\xc3\xa9')).toBe(3);
    expect([encodeRune(0xe9), encodeRune(0xd800), encodeRune(-1), encodeRune(0x110000)]).toEqual([
      '\xc3\xa9',
      '\xef\xbf\xbd',
      '\xef\xbf\xbd',
      '\xef\xbf\xbd',
    ]);
    expect([isUtf8('\xc3\xa9'), isUtf8('\xc3')]).toEqual([true, false]);
  });

  test('quoting shows what is printable and escapes the rest', () => {
    expect(quote(toGo('a"\\\n\u00ad\u{e0001}é\u007f') + '\xff')).toBe(
      toGo('"a\\"\\\\\\n\\u00ad\\U000e0001é\\x7f\\xff"'),
    );
    expect(quote(toGo('é😀'), 'ascii')).toBe('"\\u00e9\\U0001f600"');
    expect([quoteRune(0x27), quoteRune(0x22), quoteRune(-5)]).toEqual(["'\\''", `'"'`, toGo("'\ufffd'")]);
    expect([
      canBackquote('a\tb'),
      canBackquote('a`'),
      canBackquote('a\n'),
      canBackquote('\xff'),
      canBackquote(toGo('\ufeff')),
    ]).toEqual([true, false, false, false, false]);
    expect([isPrint(0x20), isPrint(0xa0), isPrint(0x7f), isPrint(0xe9)]).toEqual([true, false, false, true]);
  });
});

describe('numbers are read as strconv reads them', () => {
  test.each([
    ['0', 0n],
    ['-0x1F', -31n],
    ['0b11', 3n],
    ['0o17', 15n],
    ['017', 15n],
    ['+1_000', 1000n],
    ['0_7', 7n],
    ['0x_f', 15n],
    ['08', undefined],
    ['1__0', undefined],
    ['_1', undefined],
    ['1_', undefined],
    ['0x', undefined],
    ['', undefined],
    ['1.0', undefined],
  ])('%j as an integer is %s', (text, value) => {
    expect(readInteger(text)).toBe(value);
  });

  test.each([
    ['1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['-1e-3', -0.001],
    ['1_0.5', 10.5],
    ['0x1.8p1', 3],
    ['-0x.8p1', -1],
    ['0x1p-1074', 5e-324],
    ['1e400', undefined],
    ['0x1.8', undefined],
    ['0x.p1', undefined],
    ['1e', undefined],
    ['.', undefined],
    ['Infinity', undefined],
  ])('%j as a float is %d', (text, value) => {
    expect(readFloat(text)).toBe(value);
  });
});

describe('parameters take their own type only', () => {
  test.each([
    [any, [null, 'a', v.int(1)], []],
    [string, ['a'], [null, v.int(1), v.bytes('a')]],
    [bool, [true], [null, 'true']],
    [intParam, [v.int(1)], [null, v.int(1, 'int64'), v.float(1)]],
    [float64, [v.float(1)], [null, v.int(1)]],
    [anyList, [null, v.list([])], [v.list([], v.STRING_LIST), 'a']],
    [stringList, [null, v.list([], v.STRING_LIST)], [v.list([])]],
    [anyDict, [null, v.dict()], [v.dict([], v.STRING_DICT)]],
    [stringDict, [null, v.dict([], v.STRING_DICT)], [v.dict()]],
    [structParam('time.Time'), [v.struct('time.Time', {})], [null, v.struct('*time.Time', {}), 'a']],
  ])('%o', (param, taken, refused) => {
    expect(taken.map(param.accepts)).not.toContain(false);
    expect(refused.map(param.accepts)).not.toContain(true);
  });

  test('functions receive their arguments in order', () => {
    const four = fn4(string, string, string, string, (a, b, c, d) => [a, b, c, d].join(''));
    const rest = fn2Rest(string, string, string, (a, b, more) => [a, b, ...more].join(''));
    const calls = [four, rest].map((fn) => fn.call(['a', 'b', 'c', 'd'], () => undefined));

    expect(calls).toEqual(['abcd', 'abcd']);
  });
});
