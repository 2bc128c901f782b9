import * as z from 'zod/mini';
import type { HttpsResponse } from '../cluster/https-transport.ts';
import { parseStatus } from '../cluster/kube-status.ts';
import type { Verb } from '../cluster/retry-policy.ts';
import type { Session } from '../cluster/session.ts';
import { INSTANCE_LABEL, LABEL, MANAGED_BY } from '../contract.ts';
import { RelayError } from '../errors.ts';
import { MANIFEST_KINDS, collectionPath, manifestPath } from '../model/manifest.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Clock } from '../model/ports.ts';

/** What the installer does with a cluster's objects. Each waits while the access entry is not yet effective. */
export interface ClusterObjects {
  /** The names that there is no namespace of, or one that is being deleted. */
  missing(namespaces: readonly string[]): Promise<readonly string[]>;
  /** Paths of all objects that were installed for the relay. */
  installed(relay: string): Promise<readonly string[]>;
  apply(manifest: Manifest): Promise<void>;
  /** Applies it where there is none, or the relay's own; another's is kept. */
  offer(manifest: Manifest): Promise<'applied' | 'kept'>;
  remove(path: string): Promise<void>;
}

export interface ClusterObjectsOptions {
  readonly cluster: string;
  readonly session: Session;
  readonly clock: Clock;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** How long 401 and 403 are taken for an access entry that is not yet effective. */
  readonly patienceMs: number;
}

/** Every write of the installer is by this one, so that it never fights with the relay's own. */
const INSTALLER_MANAGER = 'keyrelay-installer';
const PAUSE_MS = 1000;

const List = z.object({
  items: z.array(
    z.object({ metadata: z.object({ name: z.string(), namespace: z.exactOptional(z.string()) }) }),
  ),
});

/** The phase of a namespace (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/). */
const Namespace = z.object({ status: z.object({ phase: z.string() }) });

const Labelled = z.object({
  metadata: z.object({ labels: z.optional(z.record(z.string(), z.string())) }),
});

export function createClusterObjects(options: ClusterObjectsOptions): ClusterObjects {
  const { cluster, session, clock, signal } = options;
  const until = clock.now().getTime() + options.patienceMs;
  const send = async (verb: Verb, path: string, manifest?: Manifest): Promise<HttpsResponse> => {
    for (;;) {
      const response = await session.send(requestOf(cluster, verb, path, manifest), signal);
      const refused = response.status === 401 || response.status === 403;
      if (!refused || clock.now().getTime() >= until) return response;
      await clock.sleep(PAUSE_MS, signal);
    }
  };
  const expect = (response: HttpsResponse, what: string, ...also: readonly number[]): HttpsResponse => {
    if ((response.status >= 200 && response.status < 300) || also.includes(response.status)) return response;
    throw failed(cluster, what, response);
  };
  const apply = async (manifest: Manifest): Promise<void> => {
    const path = manifestPath(manifest) ?? '';
    const query = `?fieldManager=${INSTALLER_MANAGER}&force=true`;
    const response = await send('patch', path + query, manifest);
    expect(response, `applying ${manifest.kind} ${manifest.metadata.name}`);
  };
  return {
    missing: async (namespaces) => {
      const found = await Promise.all(
        namespaces.map(async (namespace) => {
          const path = `/api/v1/namespaces/${namespace}`;
          const response = expect(await send('get', path), `reading namespace ${namespace}`, 404);
          return response.status !== 404 && !isTerminating(response.body);
        }),
      );
      return namespaces.filter((_, index) => found[index] === false);
    },
    installed: async (relay) => {
      const selector = encodeURIComponent(`${LABEL.managedBy}=${MANAGED_BY},${INSTANCE_LABEL}=${relay}`);
      const lists = await Promise.all(
        MANIFEST_KINDS.map(async (kind) => {
          const path = `${collectionPath(kind)}?labelSelector=${selector}`;
          // A cluster that does not know a kind has no object of it.
          const response = expect(await send('list', path), `listing ${kind.plural}`, 404);
          return response.status === 404 ? [] : pathsOf(response.body, kind.kind);
        }),
      );
      return lists.flat();
    },
    apply,
    offer: async (manifest) => {
      const path = manifestPath(manifest) ?? '';
      const what = `${manifest.kind} ${manifest.metadata.name}`;
      const found = expect(await send('get', path), `reading ${what}`, 404);
      if (found.status !== 404 && !isOurs(found.body)) return 'kept';
      await apply(manifest);
      return 'applied';
    },
    remove: async (path) => {
      expect(await send('delete', path), `deleting ${path}`, 404);
    },
  };
}

function requestOf(
  cluster: string,
  verb: Verb,
  path: string,
  manifest: Manifest | undefined,
): Parameters<Session['send']>[0] {
  const method = verb === 'patch' ? 'PATCH' : verb === 'delete' ? 'DELETE' : 'GET';
  return {
    asked: { where: cluster, namespace: '', verb },
    method,
    path,
    headers: {
      Accept: 'application/json',
      ...(manifest === undefined ? {} : { 'Content-Type': 'application/apply-patch+yaml' }),
    },
    ...(manifest === undefined ? {} : { body: JSON.stringify(manifest) }),
  };
}

/** Nothing can be created in such a namespace, which the API server says with 403, as it does where rights are missing. */
function isTerminating(body: string): boolean {
  const parsed = Namespace.safeParse(jsonOf(body));
  return parsed.success && parsed.data.status.phase === 'Terminating';
}

/** ESO's label tells of one that was applied over the relay's, whose label then stays. */
function isOurs(body: string): boolean {
  const parsed = Labelled.safeParse(jsonOf(body));
  const labels = parsed.success ? (parsed.data.metadata.labels ?? {}) : {};
  return labels[LABEL.managedBy] === MANAGED_BY && labels['external-secrets.io/component'] === undefined;
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function pathsOf(body: string, kind: string): readonly string[] {
  const parsed = List.safeParse(jsonOf(body));
  if (!parsed.success)
    throw new RelayError('CLUSTER_UNAVAILABLE', `a list of ${kind} is no list; see what stands between`);
  return parsed.data.items.flatMap(({ metadata }) => {
    const path = manifestPath({ kind, metadata: { ...metadata, labels: {} } });
    return path === undefined ? [] : [path];
  });
}

function failed(cluster: string, what: string, { status, body }: HttpsResponse): RelayError {
  const { reason } = parseStatus(body);
  const where = `${cluster}: ${what} was answered ${status} ${reason}`.trimEnd();
  switch (status) {
    case 401:
      return new RelayError(
        'CLUSTER_UNAUTHENTICATED',
        `${where}; the access entry has not taken effect, deploy again`,
      );
    case 403:
      return new RelayError(
        'CLUSTER_FORBIDDEN',
        `${where}; the access entry has not taken effect, or an admission webhook refuses: deploy again, or set install: gitops`,
      );
    case 404:
      return new RelayError(
        'CLUSTER_REJECTED',
        `${where}; ValidatingAdmissionPolicy needs Kubernetes 1.30 or later: update the cluster`,
      );
    default:
      return status >= 500 || status === 429
        ? new RelayError('CLUSTER_UNAVAILABLE', `${where}; the API server is in trouble, deploy again`)
        : new RelayError('CLUSTER_REJECTED', `${where}; see its audit log, or set install: gitops`);
  }
}
