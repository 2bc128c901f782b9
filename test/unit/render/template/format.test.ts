import { describe, expect, test } from '@jest/globals';
import { formatFloat } from '../../../../lambda/render/template/float-text.ts';
import { sprint, sprintf, sprintln, textOf } from '../../../../lambda/render/template/format.ts';
import { dict, float, int, list, nilList, struct } from '../../../../lambda/render/template/value.ts';
import { render } from './fixture.ts';

/** What Go's fmt prints: the format, its arguments as a template gives them, the text. */
const FORMATS: readonly (readonly [string, string, string])[] = [
  ['%v %v', '1 "a"', '1 a'],
  [
    '%+v %#v',
    '(dict "a" (list 1 nil)) (dict "a" (list 1 nil "s" 2.5))',
    'map[a:[1 <nil>]] map[string]interface {}{"a":[]interface {}{1, interface {}(nil), "s", 2.5}}',
  ],
  ['%T %T %T %T', '1 .name (list) nil', 'int string []interface {} <nil>'],
  ['%d', '42', '42'],
  ['%5d|%-5d|%05d|%+d', '1 2 3 4', '    1|2    |00003|+4'],
  ['% d|%x|%X|%#x', '7 255 255 255', ' 7|ff|FF|0xff'],
  ['%o|%#o|%O|%b|%#b', '8 8 8 5 5', '10|010|0o10|101|0b101'],
  ['%c|%q|%U|%#U', '65 65 233 233', "A|'A'|U+00E9|U+00E9 'é'"],
  ['%.3d|%8.3d', '5 5', '005|     005'],
  [
    '%e|%E|%f|%F',
    '1234.5678 1234.5678 1234.5678 1234.5678',
    '1.234568e+03|1.234568E+03|1234.567800|1234.567800',
  ],
  ['%g|%G|%.3g|%#g', '1e-7 1e100 1234.5 1.0', '1e-07|1E+100|1.23e+03|1.00000'],
  ['%.0f %.0f %.0f %.1f', '0.5 1.5 2.5 0.25', '0 2 2 0.2'],
  ['%8.2f|%-8.2f|%08.2f|%+.1f', '3.14159 3.14159 -3.14159 2.0', '    3.14|3.14    |-0003.14|+2.0'],
  ['%x %X %b', '1.5 -0.1 1.0', '0x1.8p+00 -0X1.999999999999AP-04 4503599627370496p-52'],
  ['%t %v', 'true false', 'true false'],
  ['%s|%10s|%-10s|%.2s', '.text .text .text .text', 'héllo|     héllo|héllo     |hé'],
  ['%q %+q %#q', '.text .text "a"', '"héllo" "h\\u00e9llo" `a`'],
  ['%q %#q', '.binary "a`b"', '"\\x00\\xffa" "a`b"'],
  [
    '%x|% x|%#x|% #X',
    '.text .text .text .text',
    '68c3a96c6c6f|68 c3 a9 6c 6c 6f|0x68c3a96c6c6f|0X68 0XC3 0XA9 0X6C 0X6C 0X6F',
  ],
  ['%s %q %x %d', '(bytes "hi") (bytes "hi") (bytes "hi") (bytes "hi")', 'hi "hi" 6869 [104 105]'],
  ['%s %q %d', '(strs "a" "b") (strs "a" "b") (list 1 2)', '[a b] ["a" "b"] [1 2]'],
  ['%*d|%-*d|%.*f', '5 42 5 42 2 3.14159', '   42|42   |3.14'],
  ['%[2]d %[1]d', '1 2', '2 1'],
  ['%[3]*.[2]*[1]f', '12.0 2 6', ' 12.00'],
  ['%%', '', '%'],
  ['%d', '"text"', '%!d(string=text)'],
  ['%s %z', '1 2', '%!s(int=1) %!z(int=2)'],
  ['%d', '', '%!d(MISSING)'],
  ['%d', '1 2', '1%!(EXTRA int=2)'],
  ['%!', '1', '%!!(int=1)'],
  ['%', '1', '%!(NOVERB)%!(EXTRA int=1)'],
  ['%[5]d', '1', '%!d(BADINDEX)'],
  ['%[x]d', '1', '%!d(BADINDEX)'],
  ['%*d', '"a" 1', '%!(BADWIDTH)1'],
  ['%.*d', '-1 5', '%!(BADPREC)5'],
  ['%s %d', '(null) (null)', '%!s(<nil>) %!d(<nil>)'],
  ['%v', '(list (list) (dict))', '[[] map[]]'],
  ['%5t|%-7t', 'true false', ' true|false  '],
  ['%w', '1', '%!w(int=1)'],
  ['%6.3v|%v', '3.14159 1e21', '  3.14|1e+21'],
];

describe('printf', () => {
  test.each(FORMATS)('%j of %s is %j', (format, values, text) => {
    expect(render(`{{printf \`${format}\` ${values}}}`.replaceAll('` }}', '`}}'))).toBe(text);
  });

  test('a width of absurd length spoils the rest of the format', () => {
    expect(sprintf('%99999999999d', [int(1)])).toBe('%!(NOVERB)%!(EXTRA int=1)');
  });

  test('an address is always the same one', () => {
    expect(sprintf('%p', [list([])])).toBe(sprintf('%p', [dict()]));
  });
});

describe('structs', () => {
  const plain = struct('pkg.Point', {
    fields: [
      ['X', int(1)],
      ['Y', 'a'],
    ],
  });
  const pointer = { ...plain, type: '*pkg.Point' };
  const named = struct('*pkg.Named', { text: () => 'its name', fields: [['X', int(1)]] });

  test.each([
    ['%v', plain, '{1 a}'],
    ['%+v', plain, '{X:1 Y:a}'],
    ['%#v', plain, 'pkg.Point{X:1, Y:"a"}'],
    ['%v', pointer, '&{1 a}'],
    ['%#v', pointer, '&pkg.Point{X:1, Y:"a"}'],
    ['%v', list([pointer]), '[0xc000010000]'],
    ['%d', plain, '{1 %!d(string=a)}'],
    ['%T', pointer, '*pkg.Point'],
    ['%v %[1]s %[1]q', named, 'its name its name "its name"'],
    ['%v', list([named]), '[its name]'],
    ['%d', named, '&{1}'],
  ])('%s of a struct', (format, value, text) => {
    expect(sprintf(format, [value])).toBe(text);
  });
});

describe('print and println', () => {
  test('put spaces between values that are no strings, and between all', () => {
    expect(sprint([int(1), int(2), 'a', 'b', int(3), null])).toBe('1 2ab3 <nil>');
    expect(sprintln([int(1), 'a', 'b'])).toBe('1 a b\n');
  });

  test('show a nil list as an empty one, except in Go syntax', () => {
    expect(textOf(nilList())).toBe('[]');
    expect(sprintf('%#v', [nilList()])).toBe('[]interface {}(nil)');
  });
});

describe('floats', () => {
  test.each([
    [0, 'g', -1, '0'],
    [-0, 'g', -1, '-0'],
    [5e-324, 'g', -1, '5e-324'],
    [1.7976931348623157e308, 'g', -1, '1.7976931348623157e+308'],
    [0.1, 'f', 20, '0.10000000000000000555'],
    [1e23, 'f', 0, '99999999999999991611392'],
    [0.5, 'f', 0, '0'],
    [2.5, 'e', 0, '2e+00'],
    [3.5, 'e', 0, '4e+00'],
    [9.99, 'f', 1, '10.0'],
    [999999.5, 'g', 6, '1e+06'],
    [0.05, 'f', 0, '0'],
    [1, 'x', -1, '0x1p+00'],
    [1.999, 'x', 1, '0x1.0p+01'],
    [0, 'x', 2, '0x0.00p+00'],
    [5e-324, 'x', -1, '0x1p-1074'],
    [Number.NaN, 'g', -1, 'NaN'],
    [Infinity, 'f', 2, '+Inf'],
    [-Infinity, 'f', 2, '-Inf'],
  ] as const)('%d under %s with precision %d', (value, verb, precision, text) => {
    expect(formatFloat(value, verb, precision)).toBe(text);
  });

  test.each([
    ['%v', '+Inf'],
    ['%08.2f', '    +Inf'],
    ['% f', ' Inf'],
    ['%+.1f', '+Inf'],
  ])('infinity under %s', (format, text) => {
    expect(sprintf(format, [float(Infinity)])).toBe(text);
  });
});
