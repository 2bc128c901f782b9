import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clusterAccess, namespaceAccess } from '../../../infra/manifests/rbac.ts';
import { crds } from '../../../infra/manifests/crds.ts';
import { createDeclaredObjects } from '../../../lambda/cluster/cluster-declarations.ts';
import { createClusterReports } from '../../../lambda/cluster/cluster-reports.ts';
import type { Session } from '../../../lambda/cluster/session.ts';
import { declarationsOf } from '../../../lambda/declarations/from-cluster.ts';
import { formatProblem } from '../../../lambda/declarations/problems.ts';
import type { ObjectStatus } from '../../../lambda/model/declared-object.ts';
import type { Manifest } from '../../../lambda/model/manifest.ts';
import { manifestPath } from '../../../lambda/model/manifest.ts';
import { RELAY_GROUP } from '../../../local/cluster-access.ts';
import { silentProgress } from '../../../local/progress.ts';
import { startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { esoDefinitions } from '../../support/eso-definitions.ts';
import { aCluster, relaySession } from '../../support/real-cluster.ts';
import { fieldsOf } from '../../support/resolved-template.ts';
import { until } from '../../support/until.ts';

const API = '/apis/external-secrets.io/v1';
const OBJECTS = `${API}/namespaces/shop/externalsecrets`;
const THEIRS = esoDefinitions();
/** The CRDs of a cluster, by its name. */
const SETS: readonly (readonly [string, readonly Manifest[]])[] = [
  ['ours', crds()],
  ...(THEIRS.length === 0 ? [] : ([['theirs', THEIRS]] as const)),
];

const signal = new AbortController().signal;
let local: Local;

beforeAll(async () => {
  local = await startLocal({ clusters: SETS.map(([name]) => name), progress: silentProgress });
  for (const [name, definitions] of SETS) await prepare(clusterOf(name), definitions);
}, 900_000);

afterAll(() => local.stop());

function clusterOf(name: string): LocalCluster {
  const cluster = local.clusters.get(name);
  if (cluster === undefined) throw new Error(`no cluster ${name}`);
  return cluster;
}

async function prepare(cluster: LocalCluster, definitions: readonly Manifest[]): Promise<void> {
  await cluster.allow('shop');
  for (const definition of definitions) await cluster.admin.apply(manifestPath(definition) ?? '', definition);
  await cluster.install([
    ...namespaceAccess({ group: RELAY_GROUP, declares: true }, 'shop'),
    ...clusterAccess(RELAY_GROUP),
  ]);
  await until(async () => {
    const { resources } = fieldsOf(await cluster.admin.get(API).catch(() => undefined));
    return Array.isArray(resources) && resources.filter((each) => !isSubresource(each)).length === 4;
  });
}

function isSubresource(resource: unknown): boolean {
  return String(fieldsOf(resource)['name']).includes('/');
}

function anObject(kind: string, name: string, spec: object, namespace?: string): object {
  return {
    apiVersion: 'external-secrets.io/v1',
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec,
  };
}

const aws = { service: 'SecretsManager', region: 'eu-west-1' };
const item = { secretKey: 'password', remoteRef: { key: 'shop/db', property: 'users.#(id==1).name' } };
const data = [item];
const secretStoreRef = { name: 'aws', kind: 'SecretStore' };
const externalSecretSpec = { secretStoreRef, data };

const VALID: readonly (readonly [string, string, object])[] = [
  ['a plain ExternalSecret', 'externalsecrets', { secretStoreRef: { name: 'aws' }, data }],
  [
    'an ExternalSecret with everything',
    'externalsecrets',
    {
      refreshInterval: '1h0m0s',
      refreshPolicy: 'OnChange',
      secretStoreRef: { name: 'aws', kind: 'ClusterSecretStore' },
      target: {
        name: 'db',
        creationPolicy: 'Merge',
        deletionPolicy: 'Delete',
        immutable: true,
        template: {
          engineVersion: 'v2',
          type: 'Opaque',
          mergePolicy: 'Merge',
          metadata: { labels: { a: 'b' }, annotations: { 'example.com/c': 'd' } },
          data: { url: '{{ .password }}' },
          templateFrom: [
            { target: 'Data', configMap: { name: 'c', items: [{ key: 'k', templateAs: 'KeysAndValues' }] } },
            { literal: '{{ .password }}' },
          ],
        },
      },
      data: [
        {
          ...item,
          remoteRef: {
            key: 'shop/db',
            version: 'AWSPREVIOUS',
            decodingStrategy: 'Base64',
            conversionStrategy: 'Unicode',
            metadataPolicy: 'Fetch',
            nullBytePolicy: 'Fail',
          },
          sourceRef: { storeRef: { name: 'other', kind: 'SecretStore' } },
        },
      ],
      dataFrom: [
        { extract: { key: 'shop/db' }, rewrite: [{ regexp: { source: 'a', target: 'b' } }] },
        { find: { name: { regexp: '^shop/' }, tags: { team: 'shop' }, path: 'shop' } },
        { extract: { key: 'x' }, rewrite: [{ merge: { into: 'all', strategy: 'JSON' } }] },
      ],
    },
  ],
  ['a SecretStore', 'secretstores', { provider: { aws } }],
  [
    'a store of a provider that the relay does not know',
    'secretstores',
    {
      provider: {
        vault: {
          server: 'https://vault.example.com',
          path: 'secret',
          auth: { tokenSecretRef: { name: 'fake', key: 'token' } },
        },
      },
    },
  ],
  [
    'a SecretStore with a role',
    'secretstores',
    { provider: { aws: { ...aws, role: 'arn:aws:iam::111122223333:role/shop' } } },
  ],
  [
    'a ClusterSecretStore with conditions',
    'clustersecretstores',
    {
      provider: { aws: { service: 'ParameterStore', region: 'eu-west-1' } },
      conditions: [{ namespaces: ['shop'] }],
    },
  ],
  [
    'a ClusterExternalSecret',
    'clusterexternalsecrets',
    {
      externalSecretName: 'db',
      namespaceSelectors: [{ matchLabels: { team: 'shop' } }],
      refreshTime: '1h',
      externalSecretSpec,
    },
  ],
];

const REFUSED: readonly (readonly [string, string, object, string])[] = [
  [
    'an unknown policy',
    'externalsecrets',
    { data, target: { creationPolicy: 'Sometimes' } },
    'creationPolicy',
  ],
  ['an unknown refreshPolicy', 'externalsecrets', { data, refreshPolicy: 'Hourly' }, 'refreshPolicy'],
  ['data without a key', 'externalsecrets', { data: [{ remoteRef: { key: 'x' } }] }, 'secretKey'],
  ['data that is no list', 'externalsecrets', { data: { a: 'b' } }, 'data'],
  ['a number as a text', 'externalsecrets', { data, target: { template: { data: { port: 5432 } } } }, 'port'],
  [
    'a store without a region',
    'secretstores',
    { provider: { aws: { service: 'SecretsManager' } } },
    'region',
  ],
  [
    'a service that AWS has not',
    'clustersecretstores',
    { provider: { aws: { ...aws, service: 'S3' } } },
    'S3',
  ],
  [
    'a mistake within a ClusterExternalSecret',
    'clusterexternalsecrets',
    { externalSecretSpec: { ...externalSecretSpec, refreshPolicy: 'Hourly' } },
    'refreshPolicy',
  ],
];

/** What the relay does not support, as ESO's CRDs take it, and the words by which it is named. */
const UNSUPPORTED: readonly (readonly [string, object, string])[] = [
  [
    'manifest',
    { ...externalSecretSpec, target: { manifest: { apiVersion: 'v1', kind: 'ConfigMap' } } },
    'spec.target.manifest',
  ],
  [
    'generator',
    {
      secretStoreRef: { name: 'aws' },
      dataFrom: [
        {
          sourceRef: {
            generatorRef: {
              apiVersion: 'generators.external-secrets.io/v1alpha1',
              kind: 'Password',
              name: 'fake',
            },
          },
        },
      ],
    },
    'generatorRef',
  ],
];

const KIND_OF: Readonly<Record<string, string>> = {
  externalsecrets: 'ExternalSecret',
  secretstores: 'SecretStore',
  clusterexternalsecrets: 'ClusterExternalSecret',
  clustersecretstores: 'ClusterSecretStore',
};

function collectionOf(plural: string): string {
  return plural.startsWith('cluster') ? `${API}/${plural}` : `${API}/namespaces/shop/${plural}`;
}

function creating(cluster: string, plural: string, name: string, spec: object): Promise<void> {
  const namespace = plural.startsWith('cluster') ? undefined : 'shop';
  const object = anObject(KIND_OF[plural] ?? plural, name, spec, namespace);
  return clusterOf(cluster).admin.create(collectionOf(plural), object);
}

describe.each(SETS)('the API server with the CRDs that are %s', (set) => {
  test.each(VALID)('takes %s and leaves nothing out', async (what, plural, spec) => {
    const name = `valid-${VALID.findIndex(([each]) => each === what)}`;

    await creating(set, plural, name, spec);

    const stored = fieldsOf(await clusterOf(set).admin.get(`${collectionOf(plural)}/${name}`));
    expect(stored['spec']).toMatchObject(spec);
  });

  test.each(REFUSED)('refuses %s and says where', async (_, plural, spec, word) => {
    await expect(creating(set, plural, 'refused', spec)).rejects.toThrow(word);
  });

  test.each(UNSUPPORTED)('leaves the %s for the relay to name', async (name, spec, word) => {
    await creating(set, 'externalsecrets', `unsupported-${name}`, spec);

    const session = relaySession(local, set);
    const objects = await createDeclaredObjects(() => session, 2).list(set, ['shop'], signal);
    session.close();

    const { refused } = declarationsOf(aCluster(local, set), objects);
    const problems = refused.find(({ object }) => object.name === `unsupported-${name}`)?.problems ?? [];
    expect(problems.map(formatProblem).join()).toContain(word);
  });

  test('keeps the status apart, and shows it in its columns', async () => {
    const path = `${OBJECTS}/shown`;
    await creating(set, 'externalsecrets', 'shown', { ...externalSecretSpec, refreshInterval: '1h' });
    const condition = { type: 'Ready', status: 'True', reason: 'SecretSynced', message: 'secret synced' };
    const status = {
      conditions: [{ ...condition, lastTransitionTime: '2026-01-01T00:00:00Z' }],
      refreshTime: '2026-01-01T00:00:00Z',
      syncedResourceVersion: '1-abc',
      binding: { name: 'shown' },
    };
    const { admin } = clusterOf(set);

    await admin.patch(path, { status });
    expect(fieldsOf(await admin.get(path))['status']).toBeUndefined();
    await admin.patch(`${path}/status`, { status, spec: { refreshInterval: '9h' } });

    const object = fieldsOf(await admin.get(path));
    expect(object['status']).toEqual(status);
    expect(fieldsOf(object['spec'])['refreshInterval']).toBe('1h');
    const session = relaySession(local, set);
    expect(await rowOf(session, set, path)).toEqual({
      Name: 'shown',
      StoreType: 'SecretStore',
      Store: 'aws',
      'Refresh Interval': '1h',
      Status: 'SecretSynced',
      Ready: 'True',
      'Last Sync': expect.any(String),
    });
    session.close();
  });

  test('takes the status of a ClusterExternalSecret as the relay applies it, and shows it', async () => {
    const path = `${API}/clusterexternalsecrets/told`;
    await creating(set, 'clusterexternalsecrets', 'told', { externalSecretSpec, refreshTime: '1h' });
    const { uid, resourceVersion } = fieldsOf(fieldsOf(await clusterOf(set).admin.get(path))['metadata']);
    const status: ObjectStatus = {
      conditions: [{ type: 'Ready', status: 'False', message: 'one or more namespaces failed' }],
      ...{ externalSecretName: 'told', provisionedNamespaces: ['shop'] },
      failedNamespaces: [{ namespace: 'bank', reason: 'why' }],
    };
    const session = relaySession(local, set);
    const ref = { cluster: set, kind: 'ClusterExternalSecret', namespace: '', name: 'told' } as const;
    const target = { ref, uid: String(uid), resourceVersion: String(resourceVersion) };

    await createClusterReports(() => session).writeStatus(target, status, signal);

    expect(fieldsOf(await clusterOf(set).admin.get(path))['status']).toEqual(status);
    expect(await rowOf(session, set, path)).toEqual({
      ...{ Name: 'told', Store: 'aws', 'Refresh Interval': '1h', Ready: 'False' },
    });
    session.close();
  });

  test('has the short name and the category of ESO', async () => {
    const { resources } = fieldsOf(await clusterOf(set).admin.get(API));
    const named = Array.isArray(resources) ? resources.map(fieldsOf) : [];

    expect(named.find(({ name }) => name === 'externalsecrets')).toMatchObject({
      shortNames: ['es'],
      categories: ['external-secrets'],
    });
  });
});

/** What `kubectl get` shows of an object, by its columns. */
async function rowOf(
  session: Session,
  cluster: string,
  path: string,
): Promise<Readonly<Record<string, unknown>>> {
  const Accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  const asked = { where: cluster, namespace: 'shop', verb: 'get' } as const;
  const request = { asked, method: 'GET', path, headers: { Accept } } as const;
  const table = fieldsOf(JSON.parse((await session.send(request, signal)).body));
  const columns = Array.isArray(table['columnDefinitions']) ? table['columnDefinitions'].map(fieldsOf) : [];
  const rows: readonly unknown[] = Array.isArray(table['rows']) ? table['rows'] : [];
  const { cells } = fieldsOf(rows[0]);
  return Object.fromEntries(
    columns.map((column, index) => [String(column['name']), fieldsOf(cells)[String(index)]]),
  );
}
