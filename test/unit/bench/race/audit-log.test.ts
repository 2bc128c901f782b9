import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { endOf, kindOf, requestsSince } from '../../../../bench/race/audit-log.ts';

function line(verb: string, resource: string, subresource?: string): string {
  return `${JSON.stringify({ stage: 'ResponseComplete', verb, objectRef: { resource, subresource } })}\n`;
}

test.each([
  [line('patch', 'secrets'), 'patch secrets'],
  [line('update', 'externalsecrets', 'status'), 'update externalsecrets/status'],
  ['{"verb":"get","requestURI":"/apis"}', 'get other'],
])('%s is counted as %s', (text, kind) => {
  expect(kindOf(text)).toBe(kind);
});

test('requests are counted from where the log ended before', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keyrelay-audit-log-'));
  const path = join(folder, 'audit.log');
  await writeFile(path, line('create', 'secrets'));
  const begin = await endOf(path);
  await appendFile(path, line('patch', 'secrets') + line('patch', 'secrets') + line('create', 'events'));

  const counts = await requestsSince(path, begin);

  expect(Object.fromEntries(counts)).toEqual({ 'patch secrets': 2, 'create events': 1 });
  await rm(folder, { recursive: true });
});
