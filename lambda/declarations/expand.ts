import type { NamespaceSelection } from '../model/declaration.ts';
import type { Namespace } from '../model/ports.ts';
import type { ClusterExternalSecret } from './cluster-external-secret-schema.ts';
import { selects } from './label-selector.ts';
import type { YamlDocument } from './yaml-document.ts';

/** The name of the ExternalSecrets that a ClusterExternalSecret stands for. */
export function externalSecretNameOf({ metadata, spec }: ClusterExternalSecret): string {
  return spec.externalSecretName ?? metadata.name;
}

/** Which namespaces it is for: those that any of its selectors selects, and those that it names. */
export function selectionOf({ spec }: ClusterExternalSecret): NamespaceSelection {
  const { namespaceSelector: one, namespaceSelectors: more, namespaces } = spec;
  return { selectors: one === undefined ? more : [one, ...more], names: namespaces };
}

/** Whether a namespace is among them. */
export function isSelected({ selectors, names }: NamespaceSelection, { name, labels }: Namespace): boolean {
  return names.includes(name) || selectors.some((selector) => selects(selector, labels));
}

/** The ExternalSecret that it stands for in a namespace, as a document whose parts stand where they do in the original. */
export function expanded(
  manifest: ClusterExternalSecret,
  document: YamlDocument,
  namespace: string,
): YamlDocument {
  const { externalSecretMetadata, externalSecretSpec } = manifest.spec;
  return {
    file: document.file,
    value: {
      apiVersion: manifest.apiVersion,
      kind: 'ExternalSecret',
      metadata: { name: externalSecretNameOf(manifest), namespace, ...externalSecretMetadata },
      spec: externalSecretSpec,
    },
    locate: (path, part) => document.locate(originalPath(path), part),
    written: originalPath,
  };
}

function originalPath([first, second, ...rest]: readonly PropertyKey[]): readonly PropertyKey[] {
  if (first === 'spec')
    return ['spec', 'externalSecretSpec', ...(second === undefined ? [] : [second]), ...rest];
  if (first !== 'metadata' || second === undefined) return first === undefined ? [] : [first];
  if (second === 'labels' || second === 'annotations')
    return ['spec', 'externalSecretMetadata', second, ...rest];
  return second === 'namespace' ? ['spec', 'namespaces'] : ['metadata', second];
}
