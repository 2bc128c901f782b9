import { beforeAll, describe, expect, test } from '@jest/globals';
import { restartIds } from '../../../lambda/rollout/choose-restarts.ts';
import { deploy, podTemplate, workloadOf } from './objects.ts';
import type { WorkloadOptions } from './objects.ts';
import { revisionOf } from './stage.ts';
import type { NamespaceName, Stage } from './stage.ts';

type Restarts = readonly ('annotated' | 'auto')[];

interface Row extends WorkloadOptions {
  readonly what: string;
  /** The policies under which it is restarted. */
  readonly restarted: Restarts;
  /** The Secret that it consumes and that is in question. */
  readonly secret?: 'db' | 'matched' | 'ignored';
}

const BOTH: Restarts = ['annotated', 'auto'];
const AUTO: Restarts = ['auto'];
const NONE: Restarts = [];

const RELOAD = 'secret.reloader.stakater.com/reload';
const EXCLUDE = 'secrets.exclude.reloader.stakater.com/reload';
const env = (name: string, optional = false): object => ({
  name: 'VALUE',
  valueFrom: { secretKeyRef: { name, key: 'value', optional } },
});
const main = { name: 'main', image: 'example.test/app:1' };
const mounted = { ...main, volumeMounts: [{ name: 'files', mountPath: '/files' }] };

/** What a workload says, or how it consumes a Secret, and the policies under which it is restarted for that. */
const ROWS: readonly Row[] = [
  { what: 'consumes it and says nothing', restarted: AUTO },
  { what: 'does not consume it', secrets: ['flags'], restarted: NONE },

  { what: 'keyrelay restart true', annotations: { 'keyrelay.dev/restart': 'true' }, restarted: BOTH },
  {
    what: 'keyrelay restart true, of another Secret',
    annotations: { 'keyrelay.dev/restart': 'true' },
    secrets: ['flags'],
    restarted: NONE,
  },
  {
    what: 'keyrelay restart names',
    annotations: { 'keyrelay.dev/restart': 'flags, db' },
    secrets: [],
    restarted: BOTH,
  },
  { what: 'keyrelay restart other names', annotations: { 'keyrelay.dev/restart': 'flags' }, restarted: NONE },
  { what: 'keyrelay restart false', annotations: { 'keyrelay.dev/restart': 'false' }, restarted: NONE },

  { what: 'auto', annotations: { 'reloader.stakater.com/auto': 'true' }, restarted: BOTH },
  { what: 'auto on the pods', podAnnotations: { 'reloader.stakater.com/auto': 'true' }, restarted: BOTH },
  { what: 'auto false', annotations: { 'reloader.stakater.com/auto': 'false' }, restarted: NONE },
  { what: 'secret auto', annotations: { 'secret.reloader.stakater.com/auto': 'true' }, restarted: BOTH },
  { what: 'reload names', annotations: { [RELOAD]: 'flags,db' }, secrets: [], restarted: BOTH },
  { what: 'reload an expression', annotations: { [RELOAD]: 'd[a-c]' }, secrets: [], restarted: BOTH },
  { what: 'reload part of the name', annotations: { [RELOAD]: 'd' }, secrets: [], restarted: NONE },
  {
    what: 'search, and no match',
    annotations: { 'reloader.stakater.com/search': 'true' },
    restarted: AUTO,
  },
  {
    what: 'search and match',
    annotations: { 'reloader.stakater.com/search': 'true' },
    secrets: ['matched'],
    secret: 'matched',
    restarted: BOTH,
  },
  {
    what: 'auto, and the Secret says ignore',
    annotations: { 'reloader.stakater.com/auto': 'true' },
    secrets: ['ignored'],
    secret: 'ignored',
    restarted: NONE,
  },
  {
    what: 'auto and exclude',
    annotations: { 'reloader.stakater.com/auto': 'true', [EXCLUDE]: 'db' },
    restarted: NONE,
  },
  {
    what: 'configmap reload',
    annotations: { 'configmap.reloader.stakater.com/reload': 'db' },
    restarted: AUTO,
  },

  { what: 'by a variable', pods: { containers: [{ ...main, env: [env('db')] }] }, restarted: AUTO },
  { what: 'optionally', pods: { containers: [{ ...main, env: [env('db', true)] }] }, restarted: AUTO },
  {
    what: 'in an init container',
    pods: { containers: [main], initContainers: [{ ...main, name: 'init', env: [env('db')] }] },
    restarted: AUTO,
  },
  {
    what: 'in a sidecar',
    pods: {
      containers: [main],
      initContainers: [{ ...main, name: 'side', restartPolicy: 'Always', env: [env('db')] }],
    },
    restarted: AUTO,
  },
  {
    what: 'by a volume',
    pods: { containers: [mounted], volumes: [{ name: 'files', secret: { secretName: 'db' } }] },
    restarted: AUTO,
  },
  {
    what: 'by a projected volume',
    pods: {
      containers: [mounted],
      volumes: [{ name: 'files', projected: { sources: [{ secret: { name: 'db' } }] } }],
    },
    restarted: AUTO,
  },
  {
    what: 'by a volume that nothing mounts',
    pods: { containers: [main], volumes: [{ name: 'files', secret: { secretName: 'db' } }] },
    restarted: NONE,
  },
  {
    what: 'for pulling images alone',
    pods: { containers: [main], imagePullSecrets: [{ name: 'db' }] },
    restarted: NONE,
  },
];

const nameOf = (index: number): string => `w${index}`;

/** Which workloads are restarted, told by real objects under each policy. */
export function whoIsRestarted(on: (namespace: NamespaceName) => Stage): void {
  describe.each(['annotated', 'auto'] as const)(
    'under policy %s, a workload is restarted or not:',
    (policy) => {
      let revisions: readonly Readonly<Record<string, string>>[];

      beforeAll(async () => {
        const stage = on(policy);
        await Promise.all(ROWS.map((row, index) => deploy(stage.cluster, policy, nameOf(index), row)));
        await stage.change({ versions: { db: 1 } });
        await stage.change({
          versions: { matched: 1 },
          annotations: { 'reloader.stakater.com/match': 'true' },
        });
        await stage.change({
          versions: { ignored: 1 },
          annotations: { 'reloader.stakater.com/ignore': 'true' },
        });
        const settings = { maxPerNamespace: ROWS.length, maxPerCluster: ROWS.length };
        await stage.visit({ rollouts: { policy }, settings });
        const views = await Promise.all(
          ROWS.map((_, index) => workloadOf(stage.cluster, policy, nameOf(index))),
        );
        revisions = views.map((view) => view.revisions);
      });

      test.each(ROWS.map((row, index) => ({ ...row, index })))(
        '$what',
        ({ index, restarted, secret = 'db' }) => {
          const expected = restarted.includes(policy) ? { [secret]: revisionOf(secret, 1) } : {};

          expect(revisions[index]).toEqual(expected);
        },
      );
    },
  );

  test('a policy of off restarts nothing, and one that is switched on later is for later changes', async () => {
    const stage = on('switched');
    await deploy(stage.cluster, 'switched', 'web');

    await stage.change({ versions: { db: 1 }, restarts: 'off' });
    const whileOff = await stage.visit();
    await stage.change({ versions: { flags: 1 }, rollout: 'off' });
    const declaredOff = await stage.visit();
    await stage.change({ versions: { db: 2 } });
    await stage.follow();

    expect([whileOff, declaredOff].map(({ restarted }) => restarted)).toEqual([[], []]);
    expect(whileOff.recorded).toEqual([]);
    // The declaration was switched off after the change, which nothing comes of any more.
    expect(declaredOff.recorded).toMatchObject([
      { secret: { target: { name: 'flags' } }, record: { state: 'complete', restarted: 0 } },
    ]);
    const web = await workloadOf(stage.cluster, 'switched', 'web');
    expect(web.revisions).toEqual({ db: revisionOf('db', 2) });
  });

  test('Jobs and CronJobs are left alone', async () => {
    const stage = on('jobs');
    const { admin } = stage.cluster;
    const annotations = { 'keyrelay.dev/restart': 'true' };
    const template = { ...podTemplate('task'), metadata: { labels: { app: 'task' } } };
    const job = { spec: { suspend: true, template: withPolicy(template) } };
    await admin.create('/apis/batch/v1/namespaces/jobs/jobs', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'once', annotations },
      ...job,
    });
    await admin.create('/apis/batch/v1/namespaces/jobs/cronjobs', {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly', annotations },
      spec: { schedule: '0 3 1 1 *', jobTemplate: job },
    });
    await deploy(stage.cluster, 'jobs', 'web', { annotations });

    await stage.change({ versions: { db: 1 } });
    const visits = await stage.follow();

    expect(visits.flatMap(({ restarted }) => restarted.flatMap(restartIds))).toEqual([
      `one/jobs/Deployment/web db=${revisionOf('db', 1)}`,
    ]);
    expect((await stage.marks('db')).rollout).toMatchObject({ state: 'complete', restarted: 1 });
    expect((await workloadOf(stage.cluster, 'jobs', 'once', 'Job')).generation).toBe(1);
    expect((await workloadOf(stage.cluster, 'jobs', 'nightly', 'CronJob')).generation).toBe(1);
  });
}

function withPolicy(template: object): object {
  const spec = 'spec' in template && typeof template.spec === 'object' ? template.spec : {};
  return { ...template, spec: { ...spec, restartPolicy: 'Never' } };
}
