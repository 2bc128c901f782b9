import { LABEL } from '../contract.ts';
import type { Store } from '../model/config.ts';
import type { Declaration, SourceRef, TargetTemplate } from '../model/declaration.ts';
import { parseSecretArn } from '../model/secret-ids.ts';
import { problemAt } from './check.ts';
import type { Checked } from './check.ts';
import type { Configured } from './config-file.ts';
import { digestOf } from './digest.ts';
import type { ExternalSecret } from './external-secret-schema.ts';
import { clustersOf, isOwnAnnotation, takeOverOf } from './own-annotations.ts';
import type { Report } from './own-annotations.ts';
import { didYouMean, formatPath, quote } from './problems.ts';
import type { Problem } from './problems.ts';
import { targetProblems } from './target-rules.ts';
import type { YamlDocument } from './yaml-document.ts';

/** What an ExternalSecret is looked at against: clusters and stores of keyrelay.yaml, or of the cluster that it lies in. */
export interface World extends Pick<Configured, 'clusters' | 'stores'> {
  /** Set for an object of a cluster: it is for that cluster, and stores are found by kind and name. */
  readonly inCluster?: {
    readonly name: string;
    /** The name in `stores` of what a reference calls so. */
    readonly storeName: (ref: StoreRef) => string;
  };
}

/** A store, as an ExternalSecret refers to it. */
export type StoreRef = NonNullable<ExternalSecret['spec']['secretStoreRef']>;

/** What an ExternalSecret means in this configuration, or everything that is wrong with it. */
export function toDeclaration(
  manifest: ExternalSecret,
  document: YamlDocument,
  world: World,
): Checked<Declaration> {
  const problems: Problem[] = [];
  const report: Report = (path, found, expected) =>
    void problems.push(problemAt(document, path, { code: 'DECLARATION_INVALID', found, expected }));
  const { metadata, spec } = manifest;
  const takeOver = takeOverOf(metadata.annotations, report);
  const clusters =
    world.inCluster === undefined
      ? clustersOf(metadata.annotations, world.clusters, report)
      : [world.inCluster.name];
  checkNamespace(metadata.namespace, clusters, world, report);
  const sources = sourcesIn(manifest, world, report);
  targetProblems(manifest, report);
  if (problems.length > 0) return { kind: 'problems', problems };
  const { name = metadata.name, creationPolicy = 'Owner', deletionPolicy = 'Retain' } = spec.target ?? {};
  const declaration = {
    namespace: metadata.namespace,
    name: metadata.name,
    clusters,
    takeOver,
    ...sources,
    target: { name, creationPolicy, deletionPolicy, template: templateOf(manifest) },
  };
  return { kind: 'ok', value: { ...declaration, digest: digestOf(declaration, world.stores) } };
}

function checkNamespace(
  namespace: string,
  names: readonly string[],
  { clusters }: World,
  report: Report,
): void {
  for (const { name, namespaces } of clusters.filter((cluster) => names.includes(cluster.name))) {
    if (namespaces.includes(namespace)) continue;
    report(
      ['metadata', 'namespace'],
      quote(namespace),
      `a namespace that keyrelay.yaml lists for cluster ${name} (${namespaces.join(', ')})`,
    );
  }
}

function sourcesIn(
  { spec }: ExternalSecret,
  world: World,
  report: Report,
): Pick<Declaration, 'extracts' | 'data'> {
  const extracts = spec.dataFrom.map(({ extract, sourceRef }, index) => ({
    ref: refOf(
      { field: 'extract', ref: extract, sourceRef, path: ['spec', 'dataFrom', index] },
      spec,
      world,
      report,
    ),
    property: propertyOf(extract.property),
  }));
  const data = spec.data.map(({ secretKey, remoteRef, sourceRef }, index) => ({
    secretKey,
    ref: refOf(
      { field: 'remoteRef', ref: remoteRef, sourceRef, path: ['spec', 'data', index] },
      spec,
      world,
      report,
    ),
    property: propertyOf(remoteRef.property),
  }));
  if (extracts.length + data.length === 0)
    report(['spec'], 'neither data nor dataFrom', 'at least one item in one of them');
  reportDuplicates(data, report);
  return { extracts, data };
}

interface Item {
  readonly field: 'extract' | 'remoteRef';
  readonly ref: { readonly key: string; readonly version: string };
  readonly sourceRef: { readonly storeRef: StoreRef } | undefined;
  readonly path: readonly PropertyKey[];
}

function refOf(item: Item, spec: ExternalSecret['spec'], world: World, report: Report): SourceRef {
  const { key, version } = item.ref;
  const store = storeOf(item, spec.secretStoreRef, world, report);
  const arn = parseSecretArn(key);
  if (store !== undefined && arn !== undefined && arn.region !== store.region) {
    report(
      [...item.path, item.field, 'key'],
      `a secret of ${arn.region}`,
      `one of ${store.region}, where store ${store.name} reads`,
    );
  }
  return { store: store?.name ?? '', key, version };
}

function storeOf(
  { sourceRef, path }: Item,
  common: StoreRef | undefined,
  { stores, inCluster }: World,
  report: Report,
): Store | undefined {
  const own = sourceRef?.storeRef;
  const ref = own ?? common;
  if (ref === undefined) {
    report(path, 'no store', 'spec.secretStoreRef for all items, or sourceRef.storeRef for this one');
    return undefined;
  }
  const name = inCluster?.storeName(ref) ?? ref.name;
  const store = stores.find((candidate) => candidate.name === name);
  if (store !== undefined) return store;
  const at =
    own === undefined ? ['spec', 'secretStoreRef', 'name'] : [...path, 'sourceRef', 'storeRef', 'name'];
  if (inCluster !== undefined) {
    report(
      at,
      `the ${ref.kind} ${quote(ref.name)}`,
      'one that is there, is valid and is open to this namespace',
    );
    return undefined;
  }
  const known = stores.map((candidate) => candidate.name);
  const meant = didYouMean(ref.name, known);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  report(at, quote(ref.name), `a store of keyrelay.yaml (${known.join(', ')})${hint}`);
  return undefined;
}

function reportDuplicates(data: readonly { readonly secretKey: string }[], report: Report): void {
  const first = new Map<string, number>();
  data.forEach(({ secretKey }, index) => {
    const earlier = first.get(secretKey);
    if (earlier === undefined) first.set(secretKey, index);
    else
      report(
        ['spec', 'data', index, 'secretKey'],
        quote(secretKey),
        `another key than ${formatPath(['spec', 'data', earlier])} has`,
      );
  });
}

function propertyOf(property: string | undefined): string | undefined {
  return property === '' ? undefined : property;
}

/**
 * As in ESO, a target without a template gets the labels and annotations of the ExternalSecret
 * (https://external-secrets.io/latest/guides/templating/); those that steer the relay or kubectl stay behind.
 */
function templateOf({ metadata, spec }: ExternalSecret): TargetTemplate {
  const template = spec.target?.template;
  if (template !== undefined) {
    return {
      type: template.type,
      labels: template.metadata?.labels ?? {},
      annotations: template.metadata?.annotations ?? {},
    };
  }
  const owned: readonly string[] = Object.values(LABEL);
  const labels = Object.entries(metadata.labels).filter(([name]) => !owned.includes(name));
  const annotations = Object.entries(metadata.annotations).filter(
    ([name]) => !isOwnAnnotation(name) && !name.startsWith('kubectl.kubernetes.io/'),
  );
  return {
    type: undefined,
    labels: Object.fromEntries(labels),
    annotations: Object.fromEntries(annotations),
  };
}
