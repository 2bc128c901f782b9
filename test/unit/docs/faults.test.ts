import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { AWS_ROWS, CLUSTER_ROWS } from '../../integration/faults/fault-rows.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TESTS = ['integration/faults', 'integration/receipts', 'unit/handlers'];

const [, table = ''] = readFileSync(join(ROOT, 'docs/faults.md'), 'utf8').split('| fault ');
const rows = (table.split('\n\n')[0] ?? '').split('\n').slice(2);
const namedIn = (row: string): readonly string[] => {
  const cell = row.split('|').at(-2) ?? '';
  return [...cell.matchAll(/_([^;]+)_(?:;| *$)/gu)].map(([, title = '']) => title);
};

test('each fault of docs/faults.md names its tests, and there are tests of those names', () => {
  const code = TESTS.flatMap((folder) => {
    const path = join(ROOT, 'test', folder);
    return readdirSync(path).map((file) => readFileSync(join(path, file), 'utf8'));
  }).join('\n');

  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) {
    const titles = namedIn(row);
    expect([row, titles.length > 0]).toEqual([row, true]);
    expect(titles.filter((title) => !code.includes(title))).toEqual([]);
  }
});

test('each fault that is tested is in docs/faults.md', () => {
  const named = new Set(rows.flatMap(namedIn));

  expect([...CLUSTER_ROWS, ...AWS_ROWS].filter(({ fault }) => !named.has(fault))).toEqual([]);
});
