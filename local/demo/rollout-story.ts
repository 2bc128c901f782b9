import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { ANNOTATION } from '../../lambda/contract.ts';
import { templateAnnotation } from '../../lambda/rollout/template-annotation.ts';
import type { AdminClient } from '../admin-client.ts';
import { openEventQueue } from '../aws/event-queue.ts';
import { clientOptions } from '../relay/queues.ts';
import type { Live } from './live.ts';
import { allNew, podLines } from './pods-view.ts';
import type { Pod, Wanted } from './pods-view.ts';
import { duration } from './screen.ts';
import type { Screen } from './screen.ts';
import { until } from './story.ts';
import type { Stage } from './story.ts';

/** What consumes the Secret: one of each sort, and enough pods to see them go. */
const WORKLOADS = [
  { kind: 'Deployment', name: 'web', plural: 'deployments', replicas: 6 },
  { kind: 'StatefulSet', name: 'queue', plural: 'statefulsets', replicas: 3 },
] as const;

const WANTED: Wanted = new Map(WORKLOADS.map(({ kind, name, replicas }) => [`${kind}/${name}`, replicas]));

const PODS = [...WANTED.values()].reduce((sum, count) => sum + count, 0);

/** The Secret that they consume. */
const SECRET = 'db';
const LOOK_EVERY_MS = 100;

/** A rotation, until the last pod has the new value, and what is told of it. The cluster has Kubernetes' own controllers; kwok plays nodes and pods. */
export async function tellRollout(
  { aws, admin, relay, namespace }: Stage,
  screen: Screen,
  live: Live,
): Promise<void> {
  const manager = new SecretsManager(clientOptions(aws));
  const receipts = await openEventQueue(aws, 'demo-receipts', 'keyrelay');
  const revision = async (): Promise<string> =>
    (await admin.secret(namespace, SECRET))?.annotations[ANNOTATION.revision] ?? '';

  await screen.step('A Deployment and a StatefulSet get the Secret as variables', async () => {
    for (const workload of WORKLOADS) await create(admin, namespace, workload);
    const pods = await until(
      () => podsOf(admin, namespace, ''),
      (found) => found.length === PODS && found.every(({ ready }) => ready),
      LOOK_EVERY_MS,
    );
    return [`${pods.length} pods are ready; each has the value that it began with, and keeps it`];
  });

  const before = await revision();
  const started = performance.now();
  await screen.step('A rotation goes on until the last pod is new', async () => {
    screen.note('   rotating demo/db; ● new  ◐ new, not ready yet  ○ with the previous value');
    await manager.putSecretValue({
      SecretId: 'demo/db',
      SecretString: JSON.stringify({ username: 'shop', password: 'fake-password-4-rolled-out' }),
    });
    const pods = await until(
      async () => {
        const now = await revision();
        const found = await podsOf(admin, namespace, now === before ? '' : now);
        live.show(podLines(found, WANTED, performance.now() - started).map((line) => `   ${line}`));
        return found;
      },
      (found) => allNew(found, WANTED),
      LOOK_EVERY_MS,
    );
    return [`all ${pods.length} pods are new, ${duration(performance.now() - started)} after the rotation`];
  });

  await screen.step('A receipt tells of it, to whoever listens on the event bus', async () => {
    const wanted = await revision();
    const told: Receipt[] = [];
    await until(
      async () => {
        for (const body of await receipts.receive()) told.push(Event.parse(JSON.parse(body)).detail);
        return told;
      },
      (found) => found.some((detail) => isEnd(detail, wanted)),
    );
    return told.filter((detail) => isEnd(detail, wanted)).flatMap(receiptLines);
  });
  await relay.settled();
  receipts.close();
  manager.destroy();
}

async function create(
  admin: AdminClient,
  namespace: string,
  { kind, name, plural, replicas }: (typeof WORKLOADS)[number],
): Promise<void> {
  await admin.create(`/apis/apps/v1/namespaces/${namespace}/${plural}`, {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, annotations: { 'keyrelay.dev/restart': 'true' } },
    spec: {
      replicas,
      // Slow enough to be seen: pods of kwok are ready at once.
      minReadySeconds: 1,
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      selector: { matchLabels: { workload: name } },
      template: {
        metadata: { labels: { workload: name } },
        spec: {
          containers: [
            { name: 'main', image: 'example.test/app:1', envFrom: [{ secretRef: { name: SECRET } }] },
          ],
        },
      },
    },
  });
}

const Pods = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        labels: z._default(z.record(z.string(), z.string()), {}),
        annotations: z._default(z.record(z.string(), z.string()), {}),
        deletionTimestamp: z.optional(z.string()),
      }),
      status: z.object({
        conditions: z._default(z.array(z.object({ type: z.string(), status: z.string() })), []),
      }),
    }),
  ),
});

async function podsOf(admin: AdminClient, namespace: string, revision: string): Promise<readonly Pod[]> {
  const { items } = Pods.parse(await admin.get(`/api/v1/namespaces/${namespace}/pods`));
  const mark = templateAnnotation(SECRET);
  return items.flatMap(({ metadata, status }): readonly Pod[] => {
    const made = WORKLOADS.find(({ name }) => name === metadata.labels['workload']);
    if (made === undefined || metadata.deletionTimestamp !== undefined) return [];
    return [
      {
        workload: `${made.kind}/${made.name}`,
        isNew: revision !== '' && metadata.annotations[mark] === revision,
        ready: status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
      },
    ];
  });
}

const Receipt = z.object({
  outcome: z.string(),
  revision: z.optional(z.string()),
  secret: z.object({ namespace: z.string(), name: z.string() }),
  times: z.record(z.string(), z.string()),
  workloads: z.optional(z.object({ complete: z.number(), failed: z.number() })),
});
type Receipt = z.infer<typeof Receipt>;
const Event = z.object({ detail: Receipt });

function isEnd({ secret, revision, workloads }: Receipt, wanted: string): boolean {
  return secret.name === SECRET && revision === wanted && workloads !== undefined;
}

function receiptLines({ outcome, secret, times, workloads }: Receipt): readonly string[] {
  const since = (name: string): string =>
    duration(Math.max(0, Date.parse(times[name] ?? '') - Date.parse(times['rotated'] ?? '')));
  return [
    `${outcome}: secret/${secret.name} of ${secret.namespace}, ${workloads?.complete ?? 0} workloads complete, ${workloads?.failed ?? 0} failed`,
    `after the rotation: written ${since('written')}, first restart ${since('rolloutStarted')}, seen complete ${since('rolloutEnded')} (the event's own time is cut to the second)`,
  ];
}
