import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

test('each threat of docs/security.md names a test, and there is one of that name', () => {
  const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');
  const [, table = ''] = page.split('| threat ');
  const rows = (table.split('\n\n')[0] ?? '').split('\n').slice(2);

  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) {
    const files = [...row.matchAll(/`(test\/[^`]+)`/gu)].map(([, file = '']) => file);
    expect([row, files.length > 0]).toEqual([row, true]);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  }
});
