import { PatchStrategy } from '@kubernetes/client-node/dist/patch.js';
import * as z from 'zod/mini';
import { ROLLOUT_FIELD_MANAGER, WORKLOAD_ANNOTATION } from '../contract.ts';
import { RelayError } from '../errors.ts';
import type { ClusterWorkloads } from '../model/ports.ts';
import { workloadId } from '../model/workload.ts';
import type { Workload, WorkloadKind } from '../model/workload.ts';
import { listObjects } from './cluster-objects-list.ts';
import { responseError } from './kube-errors.ts';
import { parseWorkload } from './parse-workload.ts';
import type { KubeRequest, Session } from './session.ts';

/** Where each kind is. A cluster need not have that of Argo Rollouts. */
const KINDS: Readonly<Record<WorkloadKind, { readonly api: string; readonly plural: string }>> = {
  Deployment: { api: '/apis/apps/v1', plural: 'deployments' },
  StatefulSet: { api: '/apis/apps/v1', plural: 'statefulsets' },
  DaemonSet: { api: '/apis/apps/v1', plural: 'daemonsets' },
  Rollout: { api: '/apis/argoproj.io/v1alpha1', plural: 'rollouts' },
};
const KIND_NAMES = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Rollout',
] as const satisfies readonly WorkloadKind[];

const METADATA = { Accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' };

const Namespace = z.object({
  metadata: z.object({ annotations: z.optional(z.record(z.string(), z.string())) }),
});

/** The workloads of all clusters, each through its own session. */
export function createClusterWorkloads(sessions: (cluster: string) => Session): ClusterWorkloads {
  return {
    list: async (cluster, namespace, signal) => {
      const lists = KIND_NAMES.map(async (kind) => {
        const scope = { ...KINDS[kind], cluster, namespace, part: 'whole', pageSize: PAGE_SIZE } as const;
        const items = (await listObjects(scope, sessions(cluster), signal)) ?? [];
        return items.flatMap((item) => parseWorkload(item, { kind, cluster, namespace }) ?? []);
      });
      return (await Promise.all(lists)).flat();
    },
    isPaused: async (cluster, namespace, signal) => {
      const request = namespaceRequest(cluster, namespace);
      const response = await sessions(cluster).send(request, signal);
      if (response.status === 404) return false;
      if (response.status !== 200) throw responseError(request.asked, response);
      return pauseOf(response.body, request.asked.where);
    },
    restart: async (workload, annotations, signal) => {
      const request = restartRequest(workload, annotations);
      const response = await sessions(workload.ref.cluster).send(request, signal);
      if (response.status !== 200) throw responseError(request.asked, response);
    },
  };
}

/** A workload with its managedFields has some 15 KB. */
const PAGE_SIZE = 100;

function namespaceRequest(cluster: string, namespace: string): KubeRequest {
  return {
    asked: { where: `${cluster}/${namespace}`, namespace, verb: 'get', resource: 'namespaces' },
    method: 'GET',
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}`,
    headers: METADATA,
  };
}

/** A merge patch under what was observed: it touches the annotations that it names and nothing else, and loses nobody's edit. */
function restartRequest(
  { ref, uid, resourceVersion }: Workload,
  annotations: Readonly<Record<string, string>>,
): KubeRequest {
  const { api, plural } = KINDS[ref.kind];
  const place = `${api}/namespaces/${encodeURIComponent(ref.namespace)}/${plural}/${encodeURIComponent(ref.name)}`;
  return {
    asked: { where: workloadId(ref), namespace: ref.namespace, verb: 'patch', resource: plural },
    method: 'PATCH',
    path: `${place}?${new URLSearchParams({ fieldManager: ROLLOUT_FIELD_MANAGER }).toString()}`,
    headers: { ...METADATA, 'Content-Type': PatchStrategy.MergePatch },
    body: JSON.stringify({
      metadata: { uid, resourceVersion },
      spec: { template: { metadata: { annotations } } },
    }),
  };
}

function pauseOf(body: string, where: string): boolean {
  const parsed = Namespace.safeParse(jsonOf(body));
  if (parsed.success) return parsed.data.metadata.annotations?.[WORKLOAD_ANNOTATION.paused] === 'true';
  throw new RelayError(
    'CLUSTER_UNAVAILABLE',
    `${where}: the answer is no Namespace; see what stands between`,
  );
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
