import { setTimeout as sleep } from 'node:timers/promises';
import { mapLimited } from '../../lambda/concurrency.ts';
import { clusterOf } from '../../local/start-local.ts';
import { consoleProgress } from '../../local/progress.ts';
import { benchNamespace } from '../bench-config.ts';
import { round } from '../result.ts';
import type { Metric } from '../result.ts';
import { watchRival } from './arrivals-of.ts';
import { EDITED, repairTimes } from './drift.ts';
import { installEso, setInterval } from './eso-cluster.ts';
import type { EsoFiles } from './eso-files.ts';
import { startEso, watchedEso } from './eso-process.ts';
import { of, samplesMetric, windowMetrics, writesIn } from './metrics.ts';
import { DEFAULTS, ESO } from './rivals.ts';
import { rotateAll } from './rotate.ts';
import { PREPARING, auditLogOf, declareForEso, namespacesOf, numbers, valueOf } from './stage.ts';
import type { Stage } from './stage.ts';
import { during } from './window.ts';
import type { Watched } from './window.ts';

/** Refresh intervals that can be waited for, each with the length of its window at rest: whole intervals. */
export const INTERVALS = [
  { name: '10s', ms: 10_000, restMs: 30_000 },
  { name: '1m', ms: 60_000, restMs: 60_000 },
] as const;
/** ESO's default, at which nothing is due within this bench. */
const LONG = '1h';
/** After a change of the interval ESO refreshes all, which takes it 10 s with its defaults; windows then begin and end while nothing is due. */
const SETTLE_MS = 15_000;
/** Beyond what is expected. */
const PATIENCE_MS = 60_000;

/** ESO with its defaults: rotation to Secret at each interval, what it does at rest, and repairs. */
export async function esoIntervals(
  stage: Stage,
  clusterName: string,
  files: EsoFiles,
): Promise<readonly Metric[]> {
  const { local, size } = stage;
  const cluster = clusterOf(local, clusterName);
  const kubeconfig = await installEso(cluster, files.crds, local.aws.region);
  await declareForEso(cluster, size, LONG);
  const filled = await watchRival(stage, {
    ...{ cluster: clusterName, rival: ESO },
    ...{ which: numbers(size), value: valueOf },
  });
  const eso = await startEso({ ...files, flags: DEFAULTS.flags, kubeconfig, aws: local.aws });
  try {
    await filled.all(PATIENCE_MS);
    filled.stop();
    const watched = watchedEso(eso, local.aws, auditLogOf(local, clusterName));
    const run = { stage, cluster: clusterName, watched };
    const metrics: Metric[] = [];
    for (const interval of INTERVALS) metrics.push(...(await atInterval(run, interval)));
    return [...metrics, ...(await repairs(run))];
  } catch (failure) {
    eso.check(); // If it has ended, that is why.
    throw failure;
  } finally {
    await eso.stop();
  }
}

interface Run {
  readonly stage: Stage;
  readonly cluster: string;
  readonly watched: Watched;
}

async function atInterval(
  { stage, cluster, watched }: Run,
  { name: interval, ms, restMs }: (typeof INTERVALS)[number],
): Promise<readonly Metric[]> {
  consoleProgress.step(`ESO every ${interval}: at rest, then rotations`);
  await setIntervals(stage, cluster, interval);
  const rest = await during(watched, () => sleep(restMs));
  let times: readonly number[] = [];
  const changed = await during(watched, async () => {
    const spread = { round: interval, duringMs: ms, timeoutMs: ms + PATIENCE_MS };
    times = await rotateAll(stage, { cluster, rival: ESO, ...spread });
  });
  const who = `ESO every ${interval}`;
  return [
    samplesMetric(of(who)('rotation to Secret'), times),
    ...windowMetrics(of(who, 'at rest'), rest),
    {
      name: of(who)('requests of the API server, each rotation'),
      unit: 'requests',
      value: round(writesIn(changed) / stage.size),
    },
    // Each refresh is one call, whether or not it finds a new value.
    {
      name: of(who)('processor time, each rotation'),
      unit: 'ms',
      value: round((1000 * (changed.processor - (changed.calls * rest.processor) / rest.calls)) / stage.size),
    },
  ];
}

/** While nothing else is due. */
async function repairs({ stage, cluster, watched }: Run): Promise<readonly Metric[]> {
  consoleProgress.step('ESO: edits');
  await setIntervals(stage, cluster, LONG);
  const value = (n: number): string => valueOf(n, INTERVALS[1].name);
  let times: readonly number[] = [];
  const repaired = await during(watched, async () => {
    const edited = { cluster, rival: ESO, which: numbers(EDITED), value };
    times = await repairTimes(stage, edited, PATIENCE_MS);
  });
  return [
    samplesMetric(of('ESO')('edit to repair'), times),
    { name: of('ESO')('calls of AWS, each repair'), unit: 'calls', value: round(repaired.calls / EDITED) },
  ];
}

/** ESO then refreshes each. */
async function setIntervals({ local, size }: Stage, cluster: string, interval: string): Promise<void> {
  const { admin } = clusterOf(local, cluster);
  const namespaces = namespacesOf(ESO.key, size);
  await mapLimited(numbers(size), PREPARING, (n) =>
    setInterval(admin, { namespace: benchNamespace(n, namespaces), name: `s${n}` }, interval),
  );
  await sleep(SETTLE_MS);
}
