import { z } from 'zod';
import { RESTARTED_AT_ANNOTATION } from '../../../lambda/contract.ts';
import type { LocalCluster } from '../../../local/start-local.ts';
import { until } from '../../support/until.ts';

const PLURALS = {
  Deployment: '/apis/apps/v1 deployments',
  StatefulSet: '/apis/apps/v1 statefulsets',
  DaemonSet: '/apis/apps/v1 daemonsets',
  Rollout: '/apis/argoproj.io/v1alpha1 rollouts',
  CronJob: '/apis/batch/v1 cronjobs',
  Job: '/apis/batch/v1 jobs',
  ReplicaSet: '/apis/apps/v1 replicasets',
  Pod: '/api/v1 pods',
} as const;
export type Kind = keyof typeof PLURALS;

type Strings = Readonly<Record<string, string>>;

/** A workload to create: what is not said is as plain as can be, and has no pods. */
export interface WorkloadOptions {
  readonly kind?: Kind;
  readonly annotations?: Strings;
  /** Of its pod template. */
  readonly podAnnotations?: Strings;
  /** Names of Secrets whose keys its container gets as variables. */
  readonly secrets?: readonly string[];
  readonly replicas?: number;
  /** Added to the pods' spec. */
  readonly pods?: object;
  /** Added to its spec. */
  readonly spec?: object;
}

/** The path of a kind's objects. */
export function pathOf(kind: Kind, namespace: string, name = ''): string {
  const [api, plural] = PLURALS[kind].split(' ');
  return `${api}/namespaces/${namespace}/${plural}${name === '' ? '' : `/${name}`}`;
}

/** A pod template of one container. */
export function podTemplate(
  name: string,
  { podAnnotations = {}, secrets = ['db'], pods = {} }: WorkloadOptions = {},
): object {
  const envFrom = secrets.map((secret) => ({ secretRef: { name: secret, optional: true } }));
  return {
    metadata: { labels: { app: name }, annotations: podAnnotations },
    spec: { containers: [{ name: 'main', image: 'example.test/app:1', envFrom }], ...pods },
  };
}

/** Creates a workload, which consumes the Secret `db` where nothing else is said; resolves once its controller has made and counted its pods. */
export async function deploy(
  { admin }: LocalCluster,
  namespace: string,
  name: string,
  options: WorkloadOptions = {},
): Promise<void> {
  const { kind = 'Deployment', annotations = {}, replicas = 0, spec = {} } = options;
  await admin.create(pathOf(kind, namespace), {
    apiVersion: kind === 'Rollout' ? 'argoproj.io/v1alpha1' : 'apps/v1',
    kind,
    metadata: { name, annotations },
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas }),
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      selector: { matchLabels: { app: name } },
      template: podTemplate(name, options),
      ...spec,
    },
  });
  // Argo's controller is not here.
  if (kind !== 'Rollout')
    await until(async () => isSettled(Settling.parse(await admin.get(pathOf(kind, namespace, name)))));
}

const Settling = z.object({
  metadata: z.object({ generation: z.number() }),
  spec: z.object({ replicas: z.number().default(0) }),
  status: z.object({
    observedGeneration: z.number().default(0),
    availableReplicas: z.number().default(0),
    desiredNumberScheduled: z.number().default(0),
    numberAvailable: z.number().default(0),
  }),
});

function isSettled({ metadata, spec, status }: z.infer<typeof Settling>): boolean {
  return (
    status.observedGeneration === metadata.generation &&
    status.availableReplicas === spec.replicas &&
    status.numberAvailable === status.desiredNumberScheduled
  );
}

const Metadata = z.object({
  name: z.string(),
  generation: z.number().default(0),
  creationTimestamp: z.string(),
  deletionTimestamp: z.string().optional(),
  annotations: z.record(z.string(), z.string()).default({}),
});
const Workload = z.object({
  metadata: Metadata,
  spec: z.object({
    template: z
      .object({
        metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
        spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
      })
      .optional(),
  }),
});
const Pods = z.object({
  items: z.array(
    z.object({
      metadata: Metadata,
      status: z.object({
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      }),
    }),
  ),
});

/** A workload, as far as tests look at it. */
export interface WorkloadView {
  readonly generation: number;
  readonly annotations: Strings;
  /** By Secret: the revision that its pod template tells. */
  readonly revisions: Strings;
  readonly image: string | undefined;
}

/** How a workload is now. */
export async function workloadOf(
  { admin }: LocalCluster,
  namespace: string,
  name: string,
  kind: Kind = 'Deployment',
): Promise<WorkloadView> {
  const { metadata, spec } = Workload.parse(await admin.get(pathOf(kind, namespace, name)));
  return {
    generation: metadata.generation,
    annotations: metadata.annotations,
    revisions: revisionsOf(spec.template?.metadata.annotations ?? {}),
    image: spec.template?.spec.containers[0]?.image,
  };
}

/** A pod of a workload. */
export interface PodView {
  readonly name: string;
  readonly revisions: Strings;
  readonly ready: boolean;
}

/** The pods of a workload that are not ending, by name. */
export async function podsOf(
  { admin }: LocalCluster,
  namespace: string,
  name: string,
): Promise<readonly PodView[]> {
  const list = Pods.parse(await admin.get(`${pathOf('Pod', namespace)}?labelSelector=app%3D${name}`));
  return list.items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata, status }) => ({
      name: metadata.name,
      revisions: revisionsOf(metadata.annotations),
      ready: status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function revisionsOf(annotations: Strings): Strings {
  const prefix = 'secret.keyrelay.dev/';
  return Object.fromEntries(
    Object.entries(annotations).flatMap(([name, revision]) =>
      name.startsWith(prefix) && name !== RESTARTED_AT_ANNOTATION
        ? [[name.slice(prefix.length), revision]]
        : [],
    ),
  );
}
