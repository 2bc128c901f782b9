// Starts a cluster with controllers, tells the ids of all processes that it started, and waits to be ended.
import { execFileSync } from 'node:child_process';
import { silentProgress } from '../../../local/progress.ts';
import { startLocal } from '../../../local/start-local.ts';

await startLocal({ clusters: ['dev'], progress: silentProgress, controllers: true });
const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
const servers = lines
  .map((line) => line.trim().split(/\s+/u))
  .filter(
    ([, parent, command]) =>
      Number(parent) === process.pid && /kube-controller-manager|kube-scheduler|kwok/u.test(command ?? ''),
  );
console.log(`pids ${servers.map(([pid]) => pid).join(' ')}`);
setInterval(() => undefined, 1000);
