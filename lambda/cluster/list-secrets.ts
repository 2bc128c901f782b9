import { RelayError } from '../errors.ts';
import type { ListedSecret } from '../model/target.ts';
import { responseError } from './kube-errors.ts';
import { parsePage } from './secret-metadata.ts';
import { listRequest } from './secret-requests.ts';
import type { Ownership } from './secret-requests.ts';
import type { Session } from './session.ts';

/** Where to list. */
export interface ListScope {
  readonly cluster: string;
  readonly namespace: string;
  /** `managed` where undefined. */
  readonly ownership?: Ownership;
}

/**
 * All pages, from one state of the cluster: the continue token fixes it. When the API server has forgotten that state (410), the list is
 * begun again, once; two states are never mixed
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks).
 *
 * @throws RelayError where any page could not be had
 */
export async function listSecrets(
  scope: ListScope,
  session: Session,
  signal: AbortSignal,
): Promise<readonly ListedSecret[]> {
  const listed = (await listPages(scope, session, signal)) ?? (await listPages(scope, session, signal));
  if (listed !== undefined) return listed;
  throw new RelayError(
    'CLUSTER_UNAVAILABLE',
    `${scope.cluster}/${scope.namespace}: the API server forgot the list before it was read, twice; it is tried again later`,
  );
}

/** Undefined where the state that the pages are of is forgotten. */
async function listPages(
  { cluster, namespace, ownership }: ListScope,
  session: Session,
  signal: AbortSignal,
): Promise<readonly ListedSecret[] | undefined> {
  const listed: ListedSecret[] = [];
  let next: string | undefined;
  do {
    const request = listRequest(cluster, namespace, next, ownership);
    const response = await session.send(request, signal);
    if (response.status === 410) return undefined;
    if (response.status !== 200) throw responseError(request.asked, response);
    const page = parsePage(response.body, request.asked);
    listed.push(
      ...page.items.map(({ name, observed }) => ({ target: { cluster, namespace, name }, observed })),
    );
    next = page.next;
  } while (next !== undefined);
  return listed;
}
