import { mapLimited } from '../concurrency.ts';
import { RelayError } from '../errors.ts';
import type { DeclaredObjects } from '../model/ports.ts';
import { listObjects, whereOf } from './cluster-objects-list.ts';
import type { ObjectScope } from './cluster-objects-list.ts';
import { listNamespaces } from './namespaces-list.ts';
import { isServed } from './served-kinds.ts';
import type { Session } from './session.ts';

const API = '/apis/external-secrets.io/v1';

/**
 * The objects with which teams declare Secrets in a cluster itself. The most recent ones: a sweep deletes what it does not find declared, and
 * a push that missed a new object would leave it to the next sweep. From Kubernetes 1.31 on this costs no read of etcd, because the watch
 * cache answers as soon as it has caught up (https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-get-and-list).
 *
 * @param concurrency how many namespaces of a cluster are listed at once
 */
export function createDeclaredObjects(
  sessions: (cluster: string) => Session,
  concurrency: number,
): DeclaredObjects {
  return {
    list: async (cluster, namespaces, signal) => {
      const session = sessions(cluster);
      const scopeOf = (plural: string, namespace?: string): ObjectScope => ({
        ...{ cluster, api: API, plural, namespace },
        part: 'whole',
      });
      const inEach = async (plural: string): Promise<readonly unknown[]> => {
        const list = (namespace: string) => listKind(scopeOf(plural, namespace), session, signal);
        return (await mapLimited(namespaces, concurrency, list)).flat();
      };
      const [externalSecrets, secretStores, clusterExternalSecrets, clusterSecretStores, known] =
        await Promise.all([
          inEach('externalsecrets'),
          inEach('secretstores'),
          listOptionalKind(scopeOf('clusterexternalsecrets'), session, signal),
          listOptionalKind(scopeOf('clustersecretstores'), session, signal),
          listNamespaces(cluster, session, signal),
        ]);
      return {
        ...{ externalSecrets, secretStores, clusterExternalSecrets, clusterSecretStores },
        namespaces: known,
      };
    },
    namespaces: (cluster, signal) => listNamespaces(cluster, sessions(cluster), signal),
  };
}

async function listKind(
  scope: ObjectScope,
  session: Session,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const listed = await listObjects(scope, session, signal);
  if (listed !== undefined) return listed;
  throw new RelayError(
    'DECLARATION_UNSUPPORTED',
    `${whereOf(scope)}: the cluster has no such kind; apply the CRDs (npm run manifests), or set declarations: files for it`,
  );
}

/** A kind that a cluster need not have: ESO's chart leaves it open whether its CRD is installed. */
async function listOptionalKind(
  scope: ObjectScope,
  session: Session,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const listed = await listObjects(scope, session, signal);
  if (listed !== undefined) return listed;
  return (await isServed(scope, session, signal)) ? listKind(scope, session, signal) : [];
}
