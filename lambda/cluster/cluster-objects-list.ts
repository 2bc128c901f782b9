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
const ACCEPT = {
  whole: 'application/json',
  // https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
  metadata: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
};

/** What to list. */
export interface ObjectScope {
  readonly cluster: string;
  /** All namespaces, or a cluster-scoped kind, where undefined. */
  readonly namespace: string | undefined;
  /** `/apis/GROUP/VERSION` */
  readonly api: string;
  readonly plural: string;
  /** How much of each object. */
  readonly part: keyof typeof ACCEPT;
  /** 500 where undefined. */
  readonly pageSize?: number;
}

/**
 * All objects of a kind, page by page from one state of the cluster; as `listSecrets`, but of kinds that hold no values.
 *
 * @returns undefined where the answer is that there is no such path, as it is where the cluster does not have the kind
 * @throws RelayError where any page could not be had
 */
export async function listObjects(
  scope: ObjectScope,
  session: Session,
  signal: AbortSignal,
): Promise<readonly unknown[] | undefined> {
  const first = await listPages(scope, session, signal);
  const listed = first === 'forgotten' ? await listPages(scope, session, signal) : first;
  if (listed !== 'forgotten') return listed;
  throw new RelayError(
    'CLUSTER_UNAVAILABLE',
    `${whereOf(scope)}: the API server forgot the list before it was read, twice; it is tried again later`,
  );
}

async function listPages(
  scope: ObjectScope,
  session: Session,
  signal: AbortSignal,
): Promise<readonly unknown[] | undefined | 'forgotten'> {
  const listed: unknown[] = [];
  let next: string | undefined;
  do {
    const request = pageRequest(scope, next);
    const { status, body, headers } = await session.send(request, signal);
    if (status === 410) return 'forgotten';
    if (status === 404) return undefined;
    if (status !== 200) throw responseError(request.asked, { status, body, headers });
    const page = List.safeParse(jsonOf(body));
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
  const { api, namespace, plural, part, pageSize = PAGE_SIZE } = scope;
  const query = new URLSearchParams({
    limit: `${pageSize}`,
    ...(next === undefined ? {} : { continue: next }),
  });
  const inside = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const asked: Asked = { where: whereOf(scope), namespace: namespace ?? '', verb: 'list', resource: plural };
  return {
    asked,
    method: 'GET',
    path: `${api}${inside}/${plural}?${query.toString()}`,
    headers: { Accept: ACCEPT[part] },
  };
}

/** `cluster/namespace/kinds`, for messages. */
export function whereOf({
  cluster,
  namespace,
  plural,
}: Pick<ObjectScope, 'cluster' | 'namespace' | 'plural'>): string {
  return [cluster, namespace, plural].filter((part) => part !== undefined).join('/');
}

/** The parser's message is dropped: it would quote the answer. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
