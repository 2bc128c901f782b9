import { ANNOTATION_PREFIX, ROLLOUT_ANNOTATION, TAKE_OVER_ANNOTATION } from '../contract.ts';
import type { Cluster } from '../model/config.ts';
import { parseSelector } from './cluster-selector.ts';
import { didYouMean, quote } from './problems.ts';

/** Says by name which clusters an ExternalSecret in a file is for: `prod-eu, prod-us`. */
export const CLUSTERS_ANNOTATION = 'keyrelay.dev/clusters';
/** Says it by label: `env=prod, tier!=dev`. */
export const SELECTOR_ANNOTATION = 'keyrelay.dev/cluster-selector';

const KNOWN = [CLUSTERS_ANNOTATION, SELECTOR_ANNOTATION, ROLLOUT_ANNOTATION, TAKE_OVER_ANNOTATION];
const PATH = ['metadata', 'annotations'];

/** Takes down a mistake: where, what is there, what should be. */
export type Report = (path: readonly PropertyKey[], found: string, expected: string) => void;

type Annotations = Readonly<Record<string, string>>;

/** Whether an annotation is one of the relay's, which only it may set on a Secret. */
export function isOwnAnnotation(name: string): boolean {
  return name.startsWith(ANNOTATION_PREFIX);
}

/** Whether the declaration may take over somebody else's Secret; reports annotations of the relay's that it does not know. */
export function takeOverOf(annotations: Annotations, report: Report): boolean {
  for (const name of Object.keys(annotations).filter(
    (candidate) => isOwnAnnotation(candidate) && !KNOWN.includes(candidate),
  )) {
    const meant = didYouMean(name, KNOWN);
    report(
      [...PATH, name],
      'an unknown annotation',
      meant === undefined ? `one of ${KNOWN.join(', ')}` : meant,
    );
  }
  const takeOver = annotations[TAKE_OVER_ANNOTATION];
  if (takeOver !== undefined && takeOver !== 'true' && takeOver !== 'false') {
    report([...PATH, TAKE_OVER_ANNOTATION], quote(takeOver), '"true" or "false"');
  }
  return takeOver === 'true';
}

/** The names of the clusters that a declaration in a file is for. */
export function clustersOf(
  annotations: Annotations,
  clusters: readonly Cluster[],
  report: Report,
): readonly string[] {
  const { [CLUSTERS_ANNOTATION]: names, [SELECTOR_ANNOTATION]: selector } = annotations;
  if (names !== undefined && selector === undefined) return namedClusters(names, clusters, report);
  if (selector !== undefined && names === undefined)
    return selectedClusters(selector, clusters.filter(takesFiles), report);
  const found =
    names === undefined
      ? 'no annotation that says for which clusters this is'
      : 'both annotations that say for which clusters this is';
  report(PATH, found, `either ${CLUSTERS_ANNOTATION} (names) or ${SELECTOR_ANNOTATION} (labels)`);
  return [];
}

function takesFiles({ declarations }: Cluster): boolean {
  return declarations !== 'cluster';
}

function namedClusters(text: string, clusters: readonly Cluster[], report: Report): readonly string[] {
  const known = clusters.map(({ name }) => name);
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  for (const name of names.filter((candidate) => !known.includes(candidate))) {
    const meant = didYouMean(name, known);
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    report(
      [...PATH, CLUSTERS_ANNOTATION],
      `the cluster ${quote(name)}`,
      `clusters of keyrelay.yaml (${known.join(', ')})${hint}`,
    );
  }
  for (const { name } of clusters.filter((cluster) => names.includes(cluster.name) && !takesFiles(cluster))) {
    report(
      [...PATH, CLUSTERS_ANNOTATION],
      `the cluster ${quote(name)}, whose own objects declare`,
      'declarations: both for it in keyrelay.yaml, or other clusters',
    );
  }
  return names;
}

function selectedClusters(text: string, clusters: readonly Cluster[], report: Report): readonly string[] {
  const path = [...PATH, SELECTOR_ANNOTATION];
  const matches = parseSelector(text);
  if (matches === undefined) {
    report(path, quote(text), 'a label selector such as env=prod,tier!=dev or env in (prod, test)');
    return [];
  }
  const selected = clusters.filter(({ labels }) => matches(labels)).map(({ name }) => name);
  if (selected.length === 0)
    report(
      path,
      quote(text),
      'a selector that matches at least one cluster of keyrelay.yaml for which files declare',
    );
  return selected;
}
