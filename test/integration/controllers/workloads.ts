import { z } from 'zod';
import type { LocalCluster } from '../../../local/start-local.ts';

/** The namespace of the workloads under test. */
export const NAMESPACE = 'shop';

/** The kinds of workload that restart their pods on their own. */
export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

const count = z.number().default(0);
const workloadSchema = z.object({
  metadata: z.object({ generation: z.number() }),
  status: z.object({
    observedGeneration: count,
    replicas: count,
    updatedReplicas: count,
    readyReplicas: count,
    availableReplicas: count,
    desiredNumberScheduled: count,
    updatedNumberScheduled: count,
    numberAvailable: count,
    conditions: z
      .array(z.object({ type: z.string(), status: z.string(), reason: z.string().default('') }))
      .default([]),
  }),
});

/** A workload as its controller reports it. */
export type WorkloadView = z.infer<typeof workloadSchema>;

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  status: z.object({
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
  }),
});

/** What a pod was when the API server told it. */
export interface PodView {
  readonly name: string;
  readonly uid: string;
  readonly revision: string | undefined;
  readonly ready: boolean;
  readonly ending: boolean;
}

/** The annotation on pod templates that tests change to make a workload roll. */
export const REVISION = 'test.example/revision';

/** Creates a workload of 3 replicas, or of one pod on each node. */
export async function createWorkload(
  cluster: LocalCluster,
  kind: WorkloadKind,
  name: string,
  { spec = {}, annotations = {} }: { spec?: object; annotations?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  await cluster.admin.create(collection(kind), {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas: 3 }),
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations: { [REVISION]: '1', ...annotations } },
        spec: { containers: [{ name: 'main', image: 'example.test/app:1' }] },
      },
      ...spec,
    },
  });
}

/** Changes annotations of the pod template; null takes one away. */
export async function patchTemplate(
  cluster: LocalCluster,
  kind: WorkloadKind,
  name: string,
  annotations: Readonly<Record<string, string | null>>,
): Promise<void> {
  await cluster.admin.patch(`${collection(kind)}/${name}`, {
    spec: { template: { metadata: { annotations } } },
  });
}

/** The workload, once its controller has seen its newest spec. */
export async function settled(
  cluster: LocalCluster,
  kind: WorkloadKind,
  name: string,
): Promise<WorkloadView | undefined> {
  const found = workloadSchema.safeParse(await cluster.admin.get(`${collection(kind)}/${name}`));
  if (!found.success) return undefined;
  const { metadata, status } = found.data;
  return status.observedGeneration === metadata.generation ? found.data : undefined;
}

/** The pods of a workload. */
export async function podsOf(cluster: LocalCluster, name: string): Promise<readonly PodView[]> {
  const list = await cluster.admin.get(podsPath(name));
  return z
    .object({ items: z.array(podSchema) })
    .parse(list)
    .items.map(viewOf);
}

/** Tells the pods of a workload as they change; resolves with what ends it. */
export function watchPods(
  cluster: LocalCluster,
  name: string,
  tell: (pod: PodView) => void,
): Promise<() => void> {
  return cluster.admin.watch(podsPath(name), (object) => tell(viewOf(podSchema.parse(object))));
}

/** The path of a kind's objects in the namespace of the tests. */
export function collection(kind: WorkloadKind | 'ReplicaSet'): string {
  return `/apis/apps/v1/namespaces/${NAMESPACE}/${kind.toLowerCase()}s`;
}

function podsPath(name: string): string {
  return `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=app%3D${name}`;
}

function viewOf({ metadata, status }: z.infer<typeof podSchema>): PodView {
  return {
    name: metadata.name,
    uid: metadata.uid,
    revision: metadata.annotations[REVISION],
    ready: status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
    ending: metadata.deletionTimestamp !== undefined,
  };
}
