import { describe, expect, test } from '@jest/globals';
import { shortestFloat32 } from '../../../../lambda/render/yaml/float32.ts';
import { resolveScalar } from '../../../../lambda/render/yaml/scalar.ts';

const kinds = (texts: readonly string[]): readonly string[] => texts.map((text) => resolveScalar(text).kind);

describe('what a plain text of YAML stands for', () => {
  test.each([
    { kind: 'null', texts: ['', '~', 'null', 'Null', 'NULL'] },
    { kind: 'bool', texts: ['y', 'Y', 'yes', 'On', 'TRUE', 'n', 'no', 'Off', 'FALSE'] },
    {
      kind: 'int',
      texts: ['0', '-0', '00', '07', '0o7', '0x1F', '0b11', '-0X1f', '1_000', '18446744073709551615'],
    },
    {
      kind: 'float',
      texts: ['1.', '.5', '.5_0', '1e3', '08', '18446744073709551616', '.inf', '-.Inf', '.NaN'],
    },
    { kind: 'timestamp', texts: ['2026-1-2', '2024-02-29', '2026-01-02T03:04:05Z', '2026-1-2 3:4:5.5'] },
    {
      kind: 'string',
      texts: ['yEs', 'tRUE', 'nULL', '1e400', '0x', '0b2', '-', '+', '.', '1:30', '12:30:45'],
    },
    {
      kind: 'string',
      texts: ['2026-02-30', '2026-13-01', '2026-01-02T03:04:05', '2026-01-02T25:00:00Z', '_1', '<<'],
    },
    { kind: 'string', texts: ['18446744073709551615x', '1.2.3', '..5', '.5_', '.e5'] },
  ] as const)('$kind: $texts', ({ kind, texts }) => {
    expect(kinds(texts)).toEqual(texts.map(() => kind));
  });

  test.each([
    ['0x1F', 31n],
    ['-0b11', -3n],
    ['010', 8n],
    ['1_0', 10n],
    ['+5', 5n],
    ['08', 8],
    ['-.5', -0.5],
    ['-.inf', -Infinity],
  ])('%s is %s', (text, value) => {
    expect(resolveScalar(text)).toMatchObject({ value });
  });

  test('an absurdly long number is no integer', () => {
    expect(resolveScalar('1'.repeat(1_000_000)).kind).toBe('string');
  });

  test.each([
    [3.14159265358979, 3.1415927],
    [123456789.5, 123456790],
    [0.1, 0.1],
    [1e39, Infinity],
    [-0, -0],
  ])('%d as float32 is %d', (value, single) => {
    expect(shortestFloat32(value)).toBe(single);
  });
});
