import * as z from 'zod/mini';
import { RelayError } from '../errors.ts';
import { responseError } from './kube-errors.ts';
import type { Asked } from './kube-errors.ts';
import type { ObjectScope } from './cluster-objects-list.ts';
import type { Session } from './session.ts';

const Discovered = z.object({
  kind: z.literal('APIResourceList'),
  resources: z.array(z.object({ name: z.string() })),
});

/**
 * Whether a cluster has a kind of a version of an API that it has. Asked where a list was answered 404, which anything on the way may say too
 * (https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api).
 *
 * @throws RelayError where the API server does not tell
 */
export async function isServed(
  { cluster, api, plural }: Pick<ObjectScope, 'cluster' | 'api' | 'plural'>,
  session: Session,
  signal: AbortSignal,
): Promise<boolean> {
  const asked: Asked = { where: `${cluster}${api}`, namespace: '', verb: 'get' };
  const headers = { Accept: 'application/json' };
  const response = await session.send({ asked, method: 'GET', path: api, headers }, signal);
  if (response.status !== 200) throw responseError(asked, response);
  const parsed = Discovered.safeParse(jsonOf(response.body));
  if (parsed.success) return parsed.data.resources.some(({ name }) => name === plural);
  throw new RelayError(
    'CLUSTER_UNAVAILABLE',
    `${asked.where}: the answer tells no kinds; see what stands between`,
  );
}

/** The parser's message is dropped: it would quote the answer. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
