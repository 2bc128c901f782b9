import * as z from 'zod/mini';
import type { Cluster } from '../model/config.ts';
import type { Namespace } from '../model/ports.ts';
import { check } from './check.ts';
import {
  CLUSTER_EXTERNAL_SECRET_VOCABULARY,
  ClusterExternalSecret,
} from './cluster-external-secret-schema.ts';
import type { ClusterObject } from './cluster-object.ts';
import { expanded, externalSecretNameOf, isSelected, selectionOf } from './expand.ts';
import type { Problem } from './problems.ts';

/** What a ClusterExternalSecret of a cluster comes to: what its status is made from. */
export interface Expansion {
  readonly object: ClusterObject;
  /** What is wrong with it as a whole; it then stands for nothing. */
  readonly problems: readonly Problem[];
  /** Of the ExternalSecrets that it stands for; `status.externalSecretName`. */
  readonly externalSecretName: string;
  /** Namespaces of the relay that it selects, whether or not its ExternalSecret is right there. */
  readonly namespaces: readonly string[];
  /** Namespaces that it selects and the relay may not write to: `clusters[].namespaces` lacks them. */
  readonly outside: readonly string[];
  /** The ExternalSecrets, as objects that were never written: one for each of `namespaces`. */
  readonly objects: readonly ClusterObject[];
}

/** Expands a ClusterExternalSecret in memory: nothing is written to the cluster for it (docs/decisions/0006-cluster-external-secrets.md). */
export function expansionOf(
  cluster: Cluster,
  object: ClusterObject,
  namespaces: readonly Namespace[],
): Expansion {
  const checked = check(ClusterExternalSecret, object.document, CLUSTER_EXTERNAL_SECRET_VOCABULARY);
  if (checked.kind === 'problems') {
    const { problems } = checked;
    return { object, problems, externalSecretName: object.name, namespaces: [], outside: [], objects: [] };
  }
  const manifest = checked.value;
  const name = externalSecretNameOf(manifest);
  const selection = selectionOf(manifest);
  const selected = namespaces
    .filter((namespace) => isSelected(selection, namespace))
    .map((item) => item.name);
  const own = selected.filter((namespace) => cluster.namespaces.includes(namespace));
  const objects = own.map((namespace): ClusterObject => {
    const document = expanded(manifest, object.document, namespace);
    return {
      ...object,
      name,
      namespace,
      document: { ...document, file: `${document.file} in ${namespace}` },
    };
  });
  return {
    ...{ object, problems: [], externalSecretName: name, namespaces: own, objects },
    outside: selected.filter((namespace) => !own.includes(namespace)),
  };
}

/** Read leniently, because what cannot be understood as a whole may still say this. */
const Named = z.object({ spec: z.object({ externalSecretName: z.string() }) });

/**
 * `namespace/name` of what a ClusterExternalSecret that is wrong may have declared when it was right: by the name that it says, that its status
 * says, and its own.
 */
export function mayHaveDeclared({ object }: Expansion, { namespaces }: Cluster): readonly string[] {
  const { success, data } = Named.safeParse(object.document.value);
  const { externalSecretName: told } = object.origin.status;
  const names = [
    object.name,
    ...(success ? [data.spec.externalSecretName] : []),
    ...(told === undefined ? [] : [told]),
  ];
  return namespaces.flatMap((namespace) => names.map((name) => `${namespace}/${name}`));
}

/**
 * Whether an ExternalSecret is one that ESO made for one of these ClusterExternalSecrets: what counts is the latter, which may have changed
 * since ESO last ran.
 */
export function isMadeFor({ owner }: ClusterObject, clusterWide: readonly ClusterObject[]): boolean {
  return owner?.kind === 'ClusterExternalSecret' && clusterWide.some(({ name }) => name === owner.name);
}
