import * as z from 'zod/mini';
import { RelayError } from '../errors.ts';
import { responseError } from './kube-errors.ts';
import type { Asked } from './kube-errors.ts';
import type { KubeRequest, Session } from './session.ts';

const List = z.object({
  metadata: z.object({ continue: z.optional(z.string()) }),
  // An empty list is null.
  items: z.nullable(z.array(z.unknown())),
});

const PAGE_SIZE = 500;

/** What to list. */
export interface ObjectScope {
  readonly cluster: string;
  /** All namespaces, or a cluster-scoped kind, where undefined. */
  readonly namespace: string | undefined;
  /** `/apis/GROUP/VERSION` */
  readonly api: string;
  readonly plural: string;
}

/**
 * All objects of a kind, page by page from one state of the cluster; as `listSecrets`, but whole objects, which hold no values.
 *
 * @throws RelayError where any page could not be had, and DECLARATION_UNSUPPORTED where the cluster does not have the kind
 */
export async function listObjects(
  scope: ObjectScope,
  session: Session,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const listed = (await listPages(scope, session, signal)) ?? (await listPages(scope, session, signal));
  if (listed !== undefined) return listed;
  throw new RelayError(
    'CLUSTER_UNAVAILABLE',
    `${whereOf(scope)}: the API server forgot the list before it was read, twice; it is tried again later`,
  );
}

async function listPages(
  scope: ObjectScope,
  session: Session,
  signal: AbortSignal,
): Promise<readonly unknown[] | undefined> {
  const listed: unknown[] = [];
  let next: string | undefined;
  do {
    const request = pageRequest(scope, next);
    const { status, body, headers } = await session.send(request, signal);
    if (status === 410) return undefined;
    if (status === 404) throw missingKind(scope);
    if (status !== 200) throw responseError(request.asked, { status, body, headers });
    const page = List.safeParse(JSON.parse(body));
    if (!page.success)
      throw new RelayError(
        'CLUSTER_UNAVAILABLE',
        `${whereOf(scope)}: the answer is no list; see what stands between`,
      );
    listed.push(...(page.data.items ?? []));
    next = page.data.metadata.continue === '' ? undefined : page.data.metadata.continue;
  } while (next !== undefined);
  return listed;
}

function pageRequest(scope: ObjectScope, next: string | undefined): KubeRequest {
  const { api, namespace, plural } = scope;
  const query = new URLSearchParams({
    limit: `${PAGE_SIZE}`,
    ...(next === undefined ? {} : { continue: next }),
  });
  const inside = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const asked: Asked = { where: whereOf(scope), namespace: namespace ?? '', verb: 'list' };
  return {
    asked,
    method: 'GET',
    path: `${api}${inside}/${plural}?${query.toString()}`,
    headers: { Accept: 'application/json' },
  };
}

function missingKind(scope: ObjectScope): RelayError {
  return new RelayError(
    'DECLARATION_UNSUPPORTED',
    `${whereOf(scope)}: the cluster has no such kind; apply the CRDs (npm run manifests), or set declarations: files for it`,
  );
}

function whereOf({ cluster, namespace, plural }: ObjectScope): string {
  return [cluster, namespace, plural].filter((part) => part !== undefined).join('/');
}
