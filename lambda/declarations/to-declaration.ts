import { TAKE_OVER_ANNOTATION } from '../contract.ts';
import type { Cluster, Store } from '../model/config.ts';
import type { Declaration, SourceRef, TargetTemplate } from '../model/declaration.ts';
import { problemAt } from './check.ts';
import type { Checked } from './check.ts';
import { parseSelector } from './cluster-selector.ts';
import { digestOf } from './digest.ts';
import type { ExternalSecret } from './external-secret-schema.ts';
import { didYouMean, formatPath } from './problems.ts';
import type { Problem } from './problems.ts';
import type { YamlDocument } from './yaml-document.ts';

/** Says by name which clusters an ExternalSecret in a file is for: `prod-eu, prod-us`. */
export const CLUSTERS_ANNOTATION = 'keyrelay.dev/clusters';
/** Says it by label: `env=prod, tier!=dev`. */
export const SELECTOR_ANNOTATION = 'keyrelay.dev/cluster-selector';

export interface World {
  readonly clusters: readonly Cluster[];
  readonly stores: readonly Store[];
}

/** What an ExternalSecret means in this configuration, or everything that is wrong with it. */
export function toDeclaration(manifest: ExternalSecret, document: YamlDocument, world: World): Checked<Declaration> {
  const problems: Problem[] = [];
  const report = (path: readonly PropertyKey[], found: string, expected: string): void =>
    void problems.push(problemAt(document, path, { code: 'DECLARATION_INVALID', found, expected }));

  const { metadata, spec } = manifest;
  const clusters = clustersOf(manifest, world, report);
  for (const name of clusters) {
    const cluster = world.clusters.find((candidate) => candidate.name === name);
    if (cluster?.namespaces.includes(metadata.namespace) === false) {
      report(['metadata', 'namespace'], `"${metadata.namespace}"`, `a namespace of cluster ${name} (${cluster.namespaces.join(', ')}), or ${metadata.namespace} among its namespaces in keyrelay.yaml`);
    }
  }
  const refOf = (item: Item, path: readonly PropertyKey[]): SourceRef => ({ store: storeOf(item, spec.secretStoreRef, world, path, report), key: item.ref.key, version: item.ref.version });
  const extracts = spec.dataFrom.map((item, index) => ({
    ref: refOf({ ref: item.extract, sourceRef: item.sourceRef }, ['spec', 'dataFrom', index]),
    property: propertyOf(item.extract.property),
  }));
  const data = spec.data.map((item, index) => ({
    secretKey: item.secretKey,
    ref: refOf({ ref: item.remoteRef, sourceRef: item.sourceRef }, ['spec', 'data', index]),
    property: propertyOf(item.remoteRef.property),
  }));
  if (extracts.length + data.length === 0) report(['spec'], 'neither data nor dataFrom', 'at least one of them');
  reportDuplicates(data, report);
  if (problems.length > 0) return { kind: 'problems', problems };
  const { name = metadata.name, creationPolicy = 'Owner', deletionPolicy = 'Retain' } = spec.target ?? {};
  const declaration = {
    namespace: metadata.namespace,
    name: metadata.name,
    clusters,
    takeOver: metadata.annotations[TAKE_OVER_ANNOTATION] === 'true',
    extracts,
    data,
    target: { name, creationPolicy, deletionPolicy, template: templateOf(manifest) },
  };
  return { kind: 'ok', value: { ...declaration, digest: digestOf(declaration, world.stores) } };
}

type Report = (path: readonly PropertyKey[], found: string, expected: string) => void;

interface Item {
  readonly ref: { readonly key: string; readonly version: string };
  readonly sourceRef: { readonly storeRef: { readonly name: string } } | undefined;
}

function clustersOf({ metadata }: ExternalSecret, { clusters }: World, report: Report): readonly string[] {
  const { [CLUSTERS_ANNOTATION]: names, [SELECTOR_ANNOTATION]: selector } = metadata.annotations;
  const path = ['metadata', 'annotations'];
  if ((names === undefined) === (selector === undefined)) {
    report(path, names === undefined ? 'no cluster' : 'both', `either ${CLUSTERS_ANNOTATION} or ${SELECTOR_ANNOTATION}, which say which clusters it is for`);
    return [];
  }
  if (names !== undefined) return namedClusters(names, clusters, report);
  const matches = parseSelector(selector ?? '');
  if (matches === undefined) {
    report([...path, SELECTOR_ANNOTATION], JSON.stringify(selector), 'a label selector such as env=prod,tier!=dev');
    return [];
  }
  const selected = clusters.filter(({ labels }) => matches(labels)).map(({ name }) => name);
  if (selected.length === 0) report([...path, SELECTOR_ANNOTATION], JSON.stringify(selector), 'a selector that matches at least one cluster of keyrelay.yaml');
  return selected;
}

function namedClusters(text: string, clusters: readonly Cluster[], report: Report): readonly string[] {
  const known = clusters.map(({ name }) => name);
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  for (const name of names.filter((candidate) => !known.includes(candidate))) {
    const meant = didYouMean(name, known);
    report(['metadata', 'annotations', CLUSTERS_ANNOTATION], JSON.stringify(name), `a cluster of keyrelay.yaml (${meant === undefined ? known.join(', ') : `${meant}?`})`);
  }
  return names;
}

function storeOf(item: Item, common: { readonly name: string } | undefined, { stores }: World, path: readonly PropertyKey[], report: Report): string {
  const own = item.sourceRef?.storeRef.name;
  const name = own ?? common?.name;
  if (name === undefined) {
    report(path, 'no store', 'spec.secretStoreRef, or sourceRef.storeRef on the item');
    return '';
  }
  if (!stores.some((store) => store.name === name)) {
    const known = stores.map((store) => store.name);
    report(own === undefined ? ['spec', 'secretStoreRef', 'name'] : [...path, 'sourceRef', 'storeRef', 'name'], JSON.stringify(name), `a store of keyrelay.yaml (${known.join(', ')})`);
  }
  return name;
}

function reportDuplicates(data: readonly { readonly secretKey: string }[], report: Report): void {
  const first = new Map<string, number>();
  data.forEach(({ secretKey }, index) => {
    const earlier = first.get(secretKey);
    if (earlier === undefined) first.set(secretKey, index);
    else report(['spec', 'data', index, 'secretKey'], JSON.stringify(secretKey), `a key that ${formatPath(['spec', 'data', earlier])} does not have already`);
  });
}

function propertyOf(property: string | undefined): string | undefined {
  return property === '' ? undefined : property;
}

/** As in ESO, a target without a template gets the labels and annotations of the ExternalSecret; those that steer the relay or kubectl stay behind. */
function templateOf({ metadata, spec }: ExternalSecret): TargetTemplate {
  const template = spec.target?.template;
  if (template !== undefined) {
    return { type: template.type, labels: template.metadata?.labels ?? {}, annotations: template.metadata?.annotations ?? {} };
  }
  const annotations = Object.entries(metadata.annotations).filter(([name]) => !name.startsWith('keyrelay.dev/') && !name.startsWith('kubectl.kubernetes.io/'));
  return { type: undefined, labels: metadata.labels, annotations: Object.fromEntries(annotations) };
}
