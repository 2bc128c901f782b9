import { describe, expect, test } from '@jest/globals';
import { allBlocks, encodePem, nextBlock } from '../../../../lambda/render/pki/pem.ts';

const X = '-----BEGIN X-----\nAAEC\n-----END X-----\n';

/** Type, headers and bytes of every block. */
function shown(text: string): readonly unknown[] {
  return allBlocks(text).blocks.map(({ type, headers, bytes }) => [
    type,
    Object.fromEntries(headers),
    bytes.toString('hex'),
  ]);
}

describe('blocks of PEM', () => {
  test.each([
    { title: 'one', text: X, blocks: [['X', {}, '000102']] },
    {
      title: 'two',
      text: X + X.replaceAll('X', 'Y Z'),
      blocks: [
        ['X', {}, '000102'],
        ['Y Z', {}, '000102'],
      ],
    },
    { title: 'none', text: 'nothing', blocks: [] },
    { title: 'one behind junk', text: `junk\n${X}`, blocks: [['X', {}, '000102']] },
    { title: 'one that does not begin a line', text: `junk ${X}`, blocks: [] },
    { title: 'carriage returns', text: X.replaceAll('\n', '\r\n'), blocks: [['X', {}, '000102']] },
    {
      title: 'spaces at the ends of lines',
      text: X.replaceAll('\n', ' \t\n'),
      blocks: [['X', {}, '000102']],
    },
    { title: 'spaces within the base64', text: X.replace('AAEC', 'A A\tEC'), blocks: [['X', {}, '000102']] },
    { title: 'no line break at the end', text: X.trimEnd(), blocks: [['X', {}, '000102']] },
    { title: 'no bytes', text: '-----BEGIN X-----\n-----END X-----', blocks: [['X', {}, '']] },
    { title: 'bad base64', text: X.replace('AAEC', 'AA*C') + X, blocks: [['X', {}, '000102']] },
    { title: 'an end of another type', text: X.replace('END X', 'END Y'), blocks: [] },
    { title: 'text behind the end', text: `${X.trimEnd()} y\n${X}`, blocks: [['X', {}, '000102']] },
    { title: 'a beginning without an end', text: `-----BEGIN Y-----\n${X}`, blocks: [['X', {}, '000102']] },
    { title: 'a first line without dashes', text: X.replace('BEGIN X-----', 'BEGIN X'), blocks: [] },
    {
      title: 'headers',
      text: X.replace('AAEC', 'Proc-Type: 4,ENCRYPTED\nB:  b\u00a0 \n\nAAEC'),
      blocks: [['X', { 'Proc-Type': '4,ENCRYPTED', B: 'b\u00a0' }, '000102']],
    },
    { title: 'nothing but headers', text: X.replace('AAEC', 'A: b'), blocks: [] },
  ])('$title', ({ text, blocks }) => {
    expect(shown(text)).toEqual(blocks);
  });

  test('what comes after a block is left', () => {
    expect(nextBlock(`${X}rest`)?.rest).toBe('rest');
    expect(allBlocks(`${X}\nrest`).rest).toBe('\nrest');
  });

  test('are written in lines of 64, with Proc-Type before the other headers', () => {
    const headers = new Map([
      ['B', '1'],
      ['A', '2'],
      ['Proc-Type', '3'],
    ]);
    const pem = encodePem({ type: 'X', headers, bytes: Buffer.alloc(49) });

    expect(pem).toBe(
      `-----BEGIN X-----\nProc-Type: 3\nA: 2\nB: 1\n\n${'A'.repeat(64)}\nAA==\n-----END X-----\n`,
    );
    expect(shown(pem)).toEqual([['X', Object.fromEntries(headers), '00'.repeat(49)]]);
  });

  test('a header cannot be written that would be read as another one', () => {
    expect(() => encodePem({ type: 'X', headers: new Map([['A:', '']]), bytes: Buffer.alloc(1) })).toThrow(
      'colon',
    );
  });

  test.each([
    ['headers without end', '-----BEGIN X:-----\na:b\n-----END Y:\n'.repeat(50_000)],
    ['beginnings without end', '-----BEGIN X-----\n'.repeat(100_000)],
    ['a long line of spaces', `-----BEGIN X-----\n${' '.repeat(500_000)}x\n-----END X-----`],
  ])('%s are passed over in one go', (_, text) => {
    expect(shown(text)).toEqual([]);
  });
});
