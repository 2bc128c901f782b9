// A process that guards a child of its own, tells the child's id, and then lives until it is killed (or exits, if asked to).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startReaper } from '../../../local/reaper.ts';

const BEHAVIOUR = {
  obedient: `console.log('ready'); setInterval(() => undefined, 1000)`,
  stubborn: `process.on('SIGTERM', () => undefined); console.log('ready'); setInterval(() => undefined, 1000)`,
};

const [, , behaviour, then] = process.argv;
const child = spawn(process.execPath, ['-e', BEHAVIOUR[behaviour]], { stdio: ['ignore', 'pipe', 'ignore'] });
await once(child.stdout, 'data');
const reaper = await startReaper({ graceMs: 200 });
reaper.guard(child.pid);
console.log(child.pid);
if (then === 'exit') {
  // As a program that ends in the ordinary way but forgot its child.
  child.unref();
  child.stdout.unref();
} else await once(child, 'exit');
