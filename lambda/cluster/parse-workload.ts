import * as z from 'zod/mini';
import { RelayError } from '../errors.ts';
import type { Workload, WorkloadRef } from '../model/workload.ts';
import { PodSpec, secretsOf } from './pod-secrets.ts';
import { reloadedAtOf } from './reloader-traces.ts';
import { ControllerStatus, UpdateSpec, workloadStatus } from './workload-status.ts';

const Strings = z._default(z.nullable(z.record(z.string(), z.string())), {});

const Item = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    generation: z._default(z.number(), 0),
    creationTimestamp: z.string(),
    annotations: Strings,
    managedFields: z._default(
      z.array(z.object({ time: z.optional(z.string()), fieldsV1: z.optional(z.unknown()) })),
      [],
    ),
  }),
  spec: z.extend(UpdateSpec, {
    template: z.nullish(
      z.object({ metadata: z.nullish(z.object({ annotations: Strings })), spec: z.nullish(PodSpec) }),
    ),
  }),
  status: z.nullish(ControllerStatus),
});

/**
 * A workload of a list; undefined where it has no pod template of its own, as a Rollout of Argo that refers to a Deployment: that one is restarted.
 *
 * @throws RelayError CLUSTER_UNAVAILABLE where it is none
 */
export function parseWorkload(
  item: unknown,
  { kind, cluster, namespace }: Omit<WorkloadRef, 'name'>,
): Workload | undefined {
  const parsed = Item.safeParse(item);
  if (!parsed.success)
    throw new RelayError(
      'CLUSTER_UNAVAILABLE',
      `${cluster}/${namespace}: the answer holds something that is no ${kind}; see what stands between that changes answers`,
    );
  const { metadata, spec, status } = parsed.data;
  if (spec.template?.spec === undefined || spec.template.spec === null) return undefined;
  const templateAnnotations = spec.template.metadata?.annotations ?? {};
  return {
    ref: { kind, cluster, namespace, name: metadata.name },
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    created: new Date(metadata.creationTimestamp),
    annotations: metadata.annotations ?? {},
    templateAnnotations,
    secrets: secretsOf(spec.template.spec),
    reloadedAt: reloadedAtOf(templateAnnotations, metadata.managedFields),
    status: workloadStatus(kind, metadata.generation, spec, status ?? ControllerStatus.parse({})),
  };
}
