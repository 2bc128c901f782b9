import type { Cluster } from '../../../lambda/model/config.ts';
import type { ClusterObjects } from '../../../lambda/model/ports.ts';
import { NO_OBJECTS } from '../../support/fakes.ts';

/** A cluster whose objects declare: the shop may read its own secrets, the bank its own through its role. */
export const CLUSTER: Cluster = {
  name: 'prod-eu',
  region: 'eu-west-1',
  account: '111122223333',
  roleArn: undefined,
  externalId: undefined,
  namespaces: ['shop', 'bank'],
  labels: {},
  declarations: 'cluster',
  allow: [
    { namespaces: ['shop'], secrets: ['prod/shop/*', 'prod/common'], regions: ['eu-west-1'], roles: [] },
    {
      namespaces: ['bank'],
      secrets: ['prod/bank/*'],
      regions: ['eu-west-1', 'us-east-1'],
      roles: ['arn:aws:iam::444455556666:role/bank'],
    },
  ],
};

/** An item of a list, as the API server returns it. */
export function anObject(namespace: string | undefined, name: string, spec: unknown): object {
  return {
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: `uid-of-${name}`,
      generation: 3,
      resourceVersion: '17',
      managedFields: [],
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    },
    spec,
    status: { conditions: [] },
  };
}

/** A store that reads Secrets Manager. */
export function aStore(
  namespace: string | undefined,
  aws: object = {},
  more: object = {},
  name = 'aws',
): object {
  return anObject(namespace, name, {
    provider: { aws: { service: 'SecretsManager', region: 'eu-west-1', ...aws } },
    ...more,
  });
}

/** An ExternalSecret that names one secret. */
export function anExternalSecret(namespace: string, key: string, more: object = {}): object {
  return anObject(namespace, 'db', {
    secretStoreRef: { name: 'aws', kind: 'SecretStore' },
    data: [{ secretKey: 'password', remoteRef: { key } }],
    ...more,
  });
}

/** What a list of a cluster's objects returned. */
export function objects(some: Partial<ClusterObjects>): ClusterObjects {
  return { ...NO_OBJECTS, ...some };
}
