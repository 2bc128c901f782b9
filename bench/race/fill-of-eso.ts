import { setTimeout as sleep } from 'node:timers/promises';
import { consoleProgress } from '../../local/progress.ts';
import { clusterOf } from '../../local/start-local.ts';
import { round } from '../result.ts';
import type { Metric } from '../result.ts';
import { untilQuiet } from './audit-log.ts';
import { installEso } from './eso-cluster.ts';
import type { EsoFiles } from './eso-files.ts';
import { startEso, watchedEso } from './eso-process.ts';
import type { Eso } from './eso-process.ts';
import { fill } from './fill.ts';
import { fillMetrics, of, windowMetrics } from './metrics.ts';
import { ESO } from './rivals.ts';
import type { EsoSetting } from './rivals.ts';
import { auditLogOf, declareForEso } from './stage.ts';
import type { Stage } from './stage.ts';
import { during } from './window.ts';

/** ESO's default, so that nothing is due while it rests. */
const INTERVAL = '1h';
const REST_MS = 60_000;

export interface EsoRun {
  readonly cluster: string;
  readonly setting: EsoSetting;
  readonly files: EsoFiles;
  /** Longer than this it is not waited for: how far it came is what is reported then. */
  readonly capMs: number;
  /** What else is to be measured of the operator, where it filled everything in time. */
  readonly afterwards: (eso: Eso) => Promise<readonly Metric[]>;
}

/** From the start of the operator, with everything declared, until every Secret is right. */
export async function fillByEso(stage: Stage, run: EsoRun): Promise<readonly Metric[]> {
  const { cluster, setting, files, capMs } = run;
  const { local, size } = stage;
  consoleProgress.step(`${setting.name}: first fill of ${size} Secrets`);
  const kubeconfig = await installEso(clusterOf(local, cluster), files.crds, local.aws.region);
  await declareForEso(clusterOf(local, cluster), size, INTERVAL);
  const running = Promise.withResolvers<Eso>();
  const start = async (): Promise<void> => {
    running.resolve(await startEso({ ...files, flags: setting.flags, kubeconfig, aws: local.aws }));
  };
  const filled = await fill(stage, { cluster, rival: ESO, capMs }, start);
  const eso = await running.promise;
  try {
    eso.check();
    const name = of(`${size} Secrets`, setting.name);
    const spent = { name: name('processor time'), unit: 's', value: round(eso.usage().processor) };
    const metrics = [...fillMetrics(name, size, filled), spent];
    return filled.right.length < size ? metrics : [...metrics, ...(await run.afterwards(eso))];
  } finally {
    await eso.stop();
  }
}

/** What it does with everything in sync, and the memory that it holds. */
export async function restOfEso(
  { local, size }: Stage,
  { cluster, setting }: Pick<EsoRun, 'cluster' | 'setting'>,
  eso: Eso,
): Promise<readonly Metric[]> {
  const watched = watchedEso(eso, local.aws, auditLogOf(local, cluster));
  // It looks at each Secret once more after it has written it.
  await untilQuiet(watched.auditLogPath);
  const resting = await during(watched, () => sleep(REST_MS));
  const name = of(`${size} Secrets`, setting.name, 'at rest');
  return [
    ...windowMetrics(name, resting),
    { name: name('resident memory'), unit: 'MB', value: round(eso.usage().residentMB) },
  ];
}
