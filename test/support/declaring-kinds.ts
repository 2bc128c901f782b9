import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { LocalCluster } from '../../local/start-local.ts';
import { esoCrds } from './eso-crds.ts';
import { fieldsOf } from './resolved-template.ts';
import { until } from './until.ts';

const API = '/apis/external-secrets.io/v1';

/** The kinds with which teams declare in a cluster, by their plurals. */
export const KINDS = {
  externalsecrets: { kind: 'ExternalSecret', scope: 'Namespaced' },
  secretstores: { kind: 'SecretStore', scope: 'Namespaced' },
  clusterexternalsecrets: { kind: 'ClusterExternalSecret', scope: 'Cluster' },
  clustersecretstores: { kind: 'ClusterSecretStore', scope: 'Cluster' },
} as const;

/** Installs the CRDs of these kinds and waits until they are served: ESO's own where they are at hand, else ones that take anything. */
export async function installKinds(
  cluster: LocalCluster,
  plurals: readonly (keyof typeof KINDS)[] = [
    'externalsecrets',
    'secretstores',
    'clusterexternalsecrets',
    'clustersecretstores',
  ],
): Promise<void> {
  const own = await esoManifests();
  for (const plural of plurals) {
    const name = `${plural}.external-secrets.io`;
    const manifest = own.get(name) ?? permissive(plural);
    await cluster.admin.apply(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`, manifest);
  }
  await until(async () => {
    const { resources } = fieldsOf(await cluster.admin.get(API));
    const served = Array.isArray(resources) ? resources.map((item) => fieldsOf(item)['name']) : [];
    return plurals.every((plural) => served.includes(plural));
  });
}

async function esoManifests(): Promise<ReadonlyMap<string, object>> {
  const folder = esoCrds();
  if (folder === undefined) return new Map();
  const files = await readdir(folder);
  const manifests = await Promise.all(
    files.map(async (file): Promise<readonly [string, object]> => {
      const manifest = fieldsOf(parse(await readFile(join(folder, file), 'utf8')));
      return [String(fieldsOf(manifest['metadata'])['name']), manifest];
    }),
  );
  return new Map(manifests);
}

function permissive(plural: keyof typeof KINDS): object {
  const { kind, scope } = KINDS[plural];
  const schema = {
    openAPIV3Schema: {
      type: 'object',
      properties: {
        spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.external-secrets.io` },
    spec: {
      group: 'external-secrets.io',
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      scope,
      versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}
