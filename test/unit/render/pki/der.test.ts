import { describe, expect, test } from '@jest/globals';
import * as der from '../../../../lambda/render/pki/der.ts';
import * as writer from '../../../../lambda/render/pki/der-writer.ts';

const { DerError, elementsOf, itemsOf, numberOf, objectIdOf, octetsOf, readDer } = der;
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('DER', () => {
  test.each(['1.2.840.113549.1.12.10.1.2', '2.5.29.17', '2.16.840.1.113894.746875.1.1', '0.9.2342'])(
    'the object identifier %s is read as it is written',
    (id) => {
      expect(objectIdOf(readDer(writer.objectId(id)))).toBe(id);
    },
  );

  test.each([0, 1, 127, 128, 255, 256, 2048, 0x7fffffff])(
    'the number %i is read as it is written',
    (number) => {
      expect(numberOf(readDer(writer.integer(number)))).toBe(number);
    },
  );

  test.each([0, 127, 128, 255, 256, 70_000])('%i octets are read as they are written', (length) => {
    const octets = Buffer.alloc(length, 7);

    expect(octetsOf(readDer(writer.octetString(octets))).equals(octets)).toBe(true);
  });

  test('the items of a set are sorted by their bytes', () => {
    const set = writer.set(writer.integer(2), writer.octetString(Buffer.from('a')), writer.integer(1));

    expect(itemsOf(readDer(set), der.TAG.set).map(({ raw }) => raw.toString('hex'))).toEqual([
      '020101',
      '020102',
      '040161',
    ]);
  });

  test.each([
    ['nothing', ''],
    ['half an element', '30'],
    ['a length beyond the end', '30 05 02 01'],
    ['an indefinite length', '30 80 00 00'],
    ['a length that could be shorter', '04 81 01 00'],
    ['a length with a zero before it', '04 82 00 81'],
    ['a length of five octets', '04 85 00 00 00 00 01 00'],
    ['an identifier of several octets', '1f 81 01 00'],
    ['trailing bytes', '02 01 01 00'],
  ])('%s is refused', (_, bytes) => {
    expect(() => readDer(hex(bytes))).toThrow(DerError);
  });

  test.each([
    ['another type', () => itemsOf(readDer(hex('02 01 01')))],
    ['nothing there', () => octetsOf(undefined)],
    ['a negative number', () => numberOf(readDer(hex('02 05 80 00 00 00 00')))],
    ['a number of more than 31 bits', () => numberOf(readDer(hex('02 05 00 80 00 00 00')))],
    ['a number without digits', () => numberOf(readDer(hex('02 00')))],
  ])('%s is refused', (_, read) => {
    expect(read).toThrow(DerError);
  });

  test('elements stand side by side', () => {
    expect(elementsOf(hex('02 01 01 04 00')).map(({ tag }) => tag)).toEqual([2, 4]);
  });
});
