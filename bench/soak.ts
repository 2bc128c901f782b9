import { consoleProgress } from '../local/progress.ts';
import { runSoak } from '../local/soak/run-soak.ts';
import { report } from './result.ts';

const STEPS = 1000;
/** Of the committed figures. */
const SEED = 1;
const TOLD_EVERY = 200;

/** `npm run soak`: a long soak; `SOAK_SEED` and `SOAK_STEPS` say another than the usual one, which leaves the committed result alone. */
export async function benchSoak(): Promise<void> {
  const seed = Number(process.env['SOAK_SEED'] ?? SEED);
  const steps = Number(process.env['SOAK_STEPS'] ?? STEPS);
  console.log(`soak: seed ${seed}, ${steps} steps`);
  const onStep = (done: number): void => {
    if (done % TOLD_EVERY === 0) console.log(`  ${done} steps`);
  };
  const { violations, figures } = await runSoak({ seed, steps, progress: consoleProgress, onStep });
  const metrics = [...figures].map(([name, value]) => ({ name, unit: '', value }));
  const found = { name: 'violations', unit: '', value: violations.length };
  if (seed === SEED && steps === STEPS)
    report({
      name: 'soak',
      command: 'npm run soak',
      metrics: [found, { name: 'seed', unit: '', value: seed }, ...metrics],
    });
  else for (const { name, value } of [found, ...metrics]) console.log(`  ${name.padEnd(58)} ${value}`);
  if (violations.length === 0) return;
  const replay = `SOAK_SEED=${seed} SOAK_STEPS=${steps} npm run soak`;
  throw new Error(`the soak found:\n${violations.join('\n')}\nIts steps again: ${replay}`);
}
