import type { Cluster } from '../model/config.ts';
import type { LabelSelector } from '../model/declaration.ts';
import { check, problemAt } from './check.ts';
import {
  CLUSTER_EXTERNAL_SECRET_VOCABULARY,
  ClusterExternalSecret,
} from './cluster-external-secret-schema.ts';
import type { Configured } from './config-file.ts';
import { expanded, selectionOf } from './expand.ts';
import { CLUSTERS_ANNOTATION, SELECTOR_ANNOTATION, clustersOf, isOwnAnnotation } from './own-annotations.ts';
import type { Report } from './own-annotations.ts';
import { quote } from './problems.ts';
import type { Problem } from './problems.ts';
import type { YamlDocument } from './yaml-document.ts';

/** An ExternalSecret that a ClusterExternalSecret in a file stands for. */
export interface FiledExpansion {
  readonly document: YamlDocument;
  /** Undefined where the namespace is named: whatever its labels are. */
  readonly selectors: readonly LabelSelector[] | undefined;
}

/**
 * Expands a ClusterExternalSecret in a file into the namespaces that the relay serves: nothing else can ever be selected, and IAM, RBAC and event
 * rules follow as from ExternalSecrets. Labels decide at run time. Pure.
 */
export function expandFiled(
  document: YamlDocument,
  configured: Configured | undefined,
): { readonly expansions: readonly FiledExpansion[]; readonly problems: readonly Problem[] } {
  const checked = check(ClusterExternalSecret, document, CLUSTER_EXTERNAL_SECRET_VOCABULARY);
  if (checked.kind === 'problems') return { expansions: [], problems: checked.problems };
  if (configured === undefined) return { expansions: [], problems: [] };
  const problems: Problem[] = [];
  const report: Report = (path, found, expected) =>
    void problems.push(problemAt(document, path, { code: 'DECLARATION_INVALID', found, expected }));
  const manifest = checked.value;
  const own = clustersOf(manifest.metadata.annotations, configured.clusters, report);
  const clusters = configured.clusters.filter(({ name }) => own.includes(name));
  annotationProblems(manifest, report);
  selectionProblems(manifest, clusters, configured, report);
  if (problems.length > 0) return { expansions: [], problems };
  const { selectors, names } = selectionOf(manifest);
  const served = [...new Set(clusters.flatMap(({ namespaces }) => namespaces))];
  const expansions = served.flatMap((namespace): readonly FiledExpansion[] => {
    const isNamed = names.includes(namespace);
    if (!isNamed && selectors.length === 0) return [];
    const here = clusters.filter(({ namespaces }) => namespaces.includes(namespace)).map(({ name }) => name);
    return [
      {
        document: expanded(forClusters(manifest, here), document, namespace),
        selectors: isNamed ? undefined : selectors,
      },
    ];
  });
  return { expansions, problems: [] };
}

/** Its ExternalSecrets say themselves which clusters they are for, as every ExternalSecret in a file does. */
function forClusters(manifest: ClusterExternalSecret, names: readonly string[]): ClusterExternalSecret {
  const { labels, annotations } = manifest.spec.externalSecretMetadata;
  const externalSecretMetadata = {
    labels,
    annotations: { ...annotations, [CLUSTERS_ANNOTATION]: names.join(', ') },
  };
  return { ...manifest, spec: { ...manifest.spec, externalSecretMetadata } };
}

/** For which clusters it is stands on the object, and what is said to its ExternalSecrets where ESO has their metadata. */
function annotationProblems({ metadata, spec }: ClusterExternalSecret, report: Report): void {
  const placed = [CLUSTERS_ANNOTATION, SELECTOR_ANNOTATION];
  for (const name of Object.keys(metadata.annotations).filter(isOwnAnnotation))
    if (!placed.includes(name))
      report(
        ['metadata', 'annotations', name],
        quote(name),
        'it under spec.externalSecretMetadata.annotations',
      );
  for (const name of Object.keys(spec.externalSecretMetadata.annotations))
    if (placed.includes(name))
      report(
        ['spec', 'externalSecretMetadata', 'annotations', name],
        quote(name),
        'it under metadata.annotations',
      );
}

function selectionProblems(
  manifest: ClusterExternalSecret,
  clusters: readonly Cluster[],
  { deployment }: Configured,
  report: Report,
): void {
  const { selectors, names } = selectionOf(manifest);
  if (selectors.length + names.length === 0)
    report(['spec'], 'no selection of namespaces', 'namespaceSelectors or namespaces');
  const served = clusters.flatMap(({ namespaces }) => namespaces);
  for (const [index, name] of names.entries())
    if (!served.includes(name))
      report(
        ['spec', 'namespaces', index],
        quote(name),
        `a namespace that keyrelay.yaml lists for one of its clusters (${[...new Set(served)].join(', ')})`,
      );
  const blind = clusters.find(({ name }) => deployment.clusters.get(name)?.access === 'access-policy');
  if (selectors.length > 0 && blind !== undefined)
    report(
      ['spec', 'namespaceSelectors'],
      `labels of namespaces in cluster ${blind.name}`,
      'namespaces by name, or access: rbac for it, because EKS’s policy for Secrets shows no labels',
    );
}
