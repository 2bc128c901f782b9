import type { DeclaredObjects } from '../model/ports.ts';
import { listObjects } from './cluster-objects-list.ts';
import type { Session } from './session.ts';

const API = '/apis/external-secrets.io/v1';

/**
 * The objects with which teams declare Secrets in a cluster itself. Read with quorum and not from the watch cache: a sweep deletes what it
 * does not find declared, and a push that missed a new object would leave it to the next sweep.
 */
export function createDeclaredObjects(sessions: (cluster: string) => Session): DeclaredObjects {
  return {
    list: async (cluster, namespaces, signal) => {
      const session = sessions(cluster);
      const list = (plural: string, namespace?: string): Promise<readonly unknown[]> =>
        listObjects({ cluster, namespace, api: API, plural }, session, signal);
      const each = async (plural: string): Promise<readonly unknown[]> =>
        (await Promise.all(namespaces.map((namespace) => list(plural, namespace)))).flat();
      const [externalSecrets, secretStores, clusterSecretStores] = await Promise.all([
        each('externalsecrets'),
        each('secretstores'),
        list('clustersecretstores'),
      ]);
      return { externalSecrets, secretStores, clusterSecretStores };
    },
  };
}
