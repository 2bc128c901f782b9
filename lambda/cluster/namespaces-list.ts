import * as z from 'zod/mini';
import { RelayError } from '../errors.ts';
import type { Namespace } from '../model/ports.ts';
import { listObjects, whereOf } from './cluster-objects-list.ts';
import type { ObjectScope } from './cluster-objects-list.ts';
import type { Session } from './session.ts';

const Item = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z._default(z.record(z.string(), z.string()), {}),
    deletionTimestamp: z.optional(z.string()),
  }),
});

/**
 * The namespaces of a cluster with their labels, from metadata alone. One that is being deleted is left out: nothing can be created in it.
 *
 * @throws RelayError where any of them could not be had
 */
export async function listNamespaces(
  cluster: string,
  session: Session,
  signal: AbortSignal,
): Promise<readonly Namespace[]> {
  const plural = 'namespaces';
  const scope: ObjectScope = { cluster, api: '/api/v1', plural, namespace: undefined, part: 'metadata' };
  const listed = await listObjects(scope, session, signal);
  const parsed = z.array(Item).safeParse(listed);
  if (!parsed.success)
    throw new RelayError(
      'CLUSTER_UNAVAILABLE',
      `${whereOf(scope)}: the answer is no list of namespaces; see what stands between`,
    );
  return parsed.data.flatMap(({ metadata: { name, labels, deletionTimestamp } }) =>
    deletionTimestamp === undefined ? [{ name, labels }] : [],
  );
}
