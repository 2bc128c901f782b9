import { describe, expect, test } from '@jest/globals';
import { clusterManifests } from '../../../infra/manifests/cluster-manifests.ts';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';

const CONFIG = `
apiVersion: keyrelay.dev/v1
kind: Config
clusters:
  - { name: one, region: eu-west-1, account: '111122223333', namespaces: [shop] }
  - { name: two, region: eu-west-1, account: '111122223333', namespaces: [shop] }
stores:
  - { name: aws, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }
`;
const EVERYWHERE = `
apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: { name: common, annotations: { keyrelay.dev/clusters: one } }
spec:
  externalSecretSpec: { secretStoreRef: { name: aws }, data: [{ secretKey: a, remoteRef: { key: prod/a } }] }
`;

/** What of a cluster's manifests is bound in no namespace, by name with its rules. */
function clusterRoles(cluster: string, selection: string): readonly (readonly [unknown, unknown])[] {
  const compiled = compileOrThrow({
    config: { path: 'keyrelay.yaml', text: CONFIG },
    declarations: [{ path: 'declarations/a.yaml', text: `${EVERYWHERE}  ${selection}\n` }],
  });
  const { config, deployment } = compiled;
  const own = config.clusters.find(({ name }) => name === cluster);
  if (own === undefined) throw new Error(`no cluster ${cluster}`);
  return clusterManifests(config, deployment, own).flatMap(({ kind, metadata, ...rest }) =>
    kind === 'ClusterRole' ? [[metadata.name, rest['rules']] as const] : [],
  );
}

const LABELS = 'namespaceSelectors: [{ matchLabels: { env: prod } }]';

describe('the names and labels of namespaces', () => {
  test('may be listed where a file selects by them, and nothing else of the cluster', () => {
    expect(clusterRoles('one', LABELS)).toEqual([
      ['keyrelay-namespaces', [{ apiGroups: [''], resources: ['namespaces'], verbs: ['list'] }]],
    ]);
  });

  test.each([
    ['in another cluster', 'two', LABELS],
    ['where files name namespaces', 'one', 'namespaces: [shop]'],
  ])('may not be listed %s', (_where, cluster, selection) => {
    expect(clusterRoles(cluster, selection)).toEqual([]);
  });
});
