// A process that builds `tool` in the cache and keeps a log of it; started by cache.test.ts, several at a time.
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheDir, onceInCache } from '../../../local/cache.ts';

const log = (line) => appendFileSync(join(cacheDir(), 'builds.log'), `${line}\n`);

await onceInCache('tool', async (dir) => {
  log('start');
  writeFileSync(join(dir, process.argv[2] === 'hang' ? 'half' : 'built'), '');
  console.log('started');
  await sleep(process.argv[2] === 'hang' ? 60_000 : 300);
  log('end');
});
