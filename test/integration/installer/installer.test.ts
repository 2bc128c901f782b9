import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { installedManifests } from '../../../infra/manifests/cluster-manifests.ts';
import { crds } from '../../../infra/manifests/crds.ts';
import { ENV } from '../../../lambda/contract.ts';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import { MANIFEST_KINDS, collectionPath, manifestPath } from '../../../lambda/model/manifest.ts';
import type { Manifest } from '../../../lambda/model/manifest.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { startFunction } from '../../../local/relay/start-function.ts';
import { fieldsOf } from '../../support/resolved-template.ts';

const ROLE = 'arn:aws:iam::123456789012:role/keyrelay-install';

let local: Local;
let cluster: LocalCluster;
let folder: string;

beforeAll(async () => {
  local = await startLocal({ clusters: ['one'], progress: silentProgress });
  cluster = clusterOf(local, 'one');
  folder = await mkdtemp(join(tmpdir(), 'keyrelay-installer-'));
  await promisify(execFile)(process.execPath, ['infra/bundle-functions.ts', folder]);
  for (const name of ['shop', 'web'])
    await cluster.admin.create('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    });
}, 900_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await local.stop();
});

/** What a deployment renders for a cluster with these namespaces. */
function manifestsFor(
  relay: string,
  namespaces: readonly string[],
  declarations: 'files' | 'cluster',
): readonly Manifest[] {
  const compiled = compileOrThrow({
    config: {
      path: 'keyrelay.yaml',
      text: `apiVersion: keyrelay.dev/v1
kind: Config
relay: { name: ${relay} }
clusters: [{ name: one, region: eu-west-1, account: '123456789012', namespaces: [${namespaces.join(', ')}] }]
stores: [{ name: aws, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }]
`,
    },
    declarations: [],
  });
  return installedManifests(compiled.config, compiled.deployment, { name: 'one', namespaces, declarations });
}

type Request = 'Create' | 'Update' | 'Delete';

interface Asked {
  readonly relay?: string;
  readonly namespaces?: readonly string[];
  readonly name?: string;
  readonly timeoutMs?: number;
  readonly declarations?: 'files' | 'cluster';
}

/** Has the bundled function, as its role and with its manifests beside it, answer CloudFormation. */
async function ask(
  RequestType: Request,
  {
    relay = 'keyrelay',
    namespaces = ['shop', 'web'],
    name = 'one',
    timeoutMs = 60_000,
    declarations = 'files',
  }: Asked = {},
): Promise<unknown> {
  return invoke(
    { RequestType, ResourceProperties: { cluster: name, relay, ServiceToken: 'arn', manifestsDigest: 'd' } },
    manifestsFor(relay, namespaces, declarations),
    timeoutMs,
  );
}

async function invoke(event: object, manifests: readonly Manifest[], timeoutMs: number): Promise<unknown> {
  const path = join(folder, 'manifests.json');
  await writeFile(path, JSON.stringify({ one: manifests }));
  const { aws } = local;
  const credentials = await aws.assumeRole(ROLE, 'installer');
  const installer = await startFunction({
    name: 'install',
    bundle: join(folder, 'install', 'index.mjs'),
    env: {
      [ENV.installerRole]: ROLE,
      [ENV.manifests]: path,
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    },
  });
  try {
    return await installer.invoke(event, timeoutMs);
  } finally {
    await installer.stop();
  }
}

/** What lies in the cluster for a relay: path -> resourceVersion. */
async function installed(relay: string): Promise<Readonly<Record<string, string>>> {
  const lists = await Promise.all(
    MANIFEST_KINDS.map(async (kind) => {
      const list = await cluster.admin.get(
        `${collectionPath(kind)}?labelSelector=app.kubernetes.io/instance%3D${relay}`,
      );
      return metadataOf(list).map(
        ({ namespace, name, resourceVersion }) =>
          [
            `${kind.kind} ${typeof namespace === 'string' ? namespace : ''}/${String(name)}`,
            String(resourceVersion),
          ] as const,
      );
    }),
  );
  return Object.fromEntries<string>(lists.flat());
}

function metadataOf(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  const { items } = fieldsOf(list);
  return Array.isArray(items) ? items.map((item) => fieldsOf(fieldsOf(item)['metadata'])) : [];
}

describe('the installer', () => {
  test('puts everything into the cluster, and leaves no right of its own behind', async () => {
    expect(await ask('Create')).toEqual({ PhysicalResourceId: 'keyrelay/one' });

    expect(Object.keys(await installed('keyrelay'))).toEqual([
      'ValidatingAdmissionPolicy /keyrelay-secrets',
      'ValidatingAdmissionPolicy /keyrelay-tokens',
      'ValidatingAdmissionPolicyBinding /keyrelay-secrets',
      'ValidatingAdmissionPolicyBinding /keyrelay-tokens',
      'Role shop/keyrelay',
      'Role web/keyrelay',
      'RoleBinding shop/keyrelay',
      'RoleBinding web/keyrelay',
    ]);
    expect(cluster.accessEntries.has(ROLE)).toBe(false);
  });

  test('changes nothing where nothing changed', async () => {
    const before = await installed('keyrelay');

    await ask('Update');

    expect(await installed('keyrelay')).toEqual(before);
  });

  test('takes away what is no longer declared, and nothing of another relay', async () => {
    await ask('Create', { relay: 'other' });

    await ask('Update', { namespaces: ['shop'] });

    expect(Object.keys(await installed('keyrelay'))).toEqual([
      'ValidatingAdmissionPolicy /keyrelay-secrets',
      'ValidatingAdmissionPolicy /keyrelay-tokens',
      'ValidatingAdmissionPolicyBinding /keyrelay-secrets',
      'ValidatingAdmissionPolicyBinding /keyrelay-tokens',
      'Role shop/keyrelay',
      'RoleBinding shop/keyrelay',
    ]);
    expect(Object.keys(await installed('other'))).toHaveLength(8);
  });

  test('waits for its access entry to take effect', async () => {
    local.aws.registerCluster({ ...cluster.registration, entryDelayMs: 1500 });

    await ask('Update');

    expect(Object.keys(await installed('keyrelay'))).toHaveLength(8);
    local.aws.registerCluster(cluster.registration);
  });

  test('gives up on an entry that has no effect, by name, and takes it away', async () => {
    local.aws.registerCluster({ ...cluster.registration, entryDelayMs: 600_000 });

    await expect(ask('Update', { timeoutMs: 24_000 })).rejects.toThrow(
      /CLUSTER_FORBIDDEN: one: .*deploy again/u,
    );

    expect(cluster.accessEntries.has(ROLE)).toBe(false);
    local.aws.registerCluster(cluster.registration);
  });

  test('goes on where an earlier run was interrupted', async () => {
    cluster.accessEntries.set(ROLE, { groups: [] });

    await ask('Update');

    expect(cluster.accessEntries.has(ROLE)).toBe(false);
  });

  test('applies nothing where a namespace is missing, names it, and leaves', async () => {
    const before = await installed('keyrelay');

    await expect(ask('Update', { namespaces: ['shop', 'nowhere', 'neither'] })).rejects.toThrow(
      /NAMESPACE_NOT_FOUND: one has no namespace neither, nowhere; create it/u,
    );

    expect(await installed('keyrelay')).toEqual(before);
    expect(cluster.accessEntries.has(ROLE)).toBe(false);
  });

  test('refuses a cluster that takes no access entries, with the command that changes that', async () => {
    local.aws.registerCluster({ ...cluster.registration, authenticationMode: 'CONFIG_MAP' });

    await expect(ask('Create')).rejects.toThrow(
      /CLUSTER_AUTHENTICATION_MODE: one .*aws eks update-cluster-config --name one --access-config authenticationMode=API_AND_CONFIG_MAP/u,
    );
    local.aws.registerCluster(cluster.registration);
  });

  test('takes everything away when its cluster is taken out of the configuration', async () => {
    await ask('Delete');

    expect(await installed('keyrelay')).toEqual({});
    expect(Object.keys(await installed('other'))).toHaveLength(8);
    expect(cluster.accessEntries.has(ROLE)).toBe(false);
  });

  test('brings the kinds that a cluster declares with, keeps those of others, and leaves all when it goes', async () => {
    const [another, ...ours] = crds();
    if (another === undefined) throw new Error('no CRDs');
    const labels = { 'external-secrets.io/component': 'controller' };
    await cluster.admin.apply(manifestPath(another) ?? '', {
      ...another,
      metadata: { ...another.metadata, labels },
    });
    const labelsOf = async (definition: Manifest): Promise<unknown> =>
      fieldsOf(fieldsOf(await cluster.admin.get(manifestPath(definition) ?? ''))['metadata'])['labels'];

    await ask('Create', { relay: 'declaring', declarations: 'cluster' });
    await ask('Update', { relay: 'declaring', declarations: 'cluster' });
    await ask('Delete', { relay: 'declaring' });

    expect(await labelsOf(another)).toEqual(labels);
    for (const definition of ours) expect(await labelsOf(definition)).toEqual(definition.metadata.labels);
    expect(await installed('declaring')).toEqual({});
  });

  test('has nothing to take away from a cluster that is gone', async () => {
    expect(await ask('Delete', { name: 'gone' })).toEqual({ PhysicalResourceId: 'keyrelay/gone' });
  });

  test('answers nobody but CloudFormation', async () => {
    await expect(invoke({ hello: 'there' }, [], 60_000)).rejects.toThrow(
      /EVENT_MALFORMED: .*RequestType, ResourceProperties/u,
    );
  });
});
