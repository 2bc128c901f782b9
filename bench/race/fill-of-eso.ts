import { setTimeout as sleep } from 'node:timers/promises';
import { clusterOf } from '../../local/start-local.ts';
import { round } from '../result.ts';
import type { Metric } from '../result.ts';
import { installEso } from './eso-cluster.ts';
import type { EsoFiles } from './eso-files.ts';
import { startEso, watchedEso } from './eso-process.ts';
import type { Eso } from './eso-process.ts';
import { CAP_MS, fill } from './fill.ts';
import { fillMetrics, of, windowMetrics } from './metrics.ts';
import { ESO } from './rivals.ts';
import type { EsoSetting } from './rivals.ts';
import { auditLogOf, declareForEso } from './stage.ts';
import type { Stage } from './stage.ts';
import { during } from './window.ts';

/** ESO's default, so that nothing is due while it rests. */
const INTERVAL = '1h';
const REST_MS = 60_000;
/** Until ESO has written the last status. */
const SETTLE_MS = 5000;

export interface EsoRun {
  readonly cluster: string;
  readonly setting: EsoSetting;
  readonly files: EsoFiles;
}

/** From the start of the operator, with everything declared, until every Secret is right; and a while at rest, where it came so far. */
export async function fillByEso(stage: Stage, run: EsoRun): Promise<readonly Metric[]> {
  const { cluster, setting, files } = run;
  const { local, size } = stage;
  const kubeconfig = await installEso(clusterOf(local, cluster), files.crds, local.aws.region);
  await declareForEso(clusterOf(local, cluster), size, INTERVAL);
  const running = Promise.withResolvers<Eso>();
  const start = async (): Promise<void> => {
    running.resolve(await startEso({ ...files, flags: setting.flags, kubeconfig, aws: local.aws }));
  };
  const filled = await fill(stage, { cluster, rival: ESO, capMs: CAP_MS }, start);
  const eso = await running.promise;
  try {
    eso.check();
    const name = of(`${size} Secrets`, setting.name);
    const spent = { name: name('processor time'), unit: 's', value: round(eso.usage().processor) };
    const metrics = [...fillMetrics(name, size, filled), spent];
    return filled.right.length < size ? metrics : [...metrics, ...(await rest(stage, run, eso))];
  } finally {
    await eso.stop();
  }
}

async function rest(
  { local, size }: Stage,
  { cluster, setting }: EsoRun,
  eso: Eso,
): Promise<readonly Metric[]> {
  await sleep(SETTLE_MS);
  const resting = await during(watchedEso(eso, local.aws, auditLogOf(local, cluster)), () => sleep(REST_MS));
  const name = of(`${size} Secrets`, setting.name, 'at rest');
  return [
    ...windowMetrics(name, resting),
    { name: name('resident memory'), unit: 'MB', value: round(eso.usage().residentMB) },
  ];
}
