import { RelayError } from '../errors.ts';
import type { Manifest } from '../model/manifest.ts';
import { CRD, MANIFEST_KINDS, manifestPath } from '../model/manifest.ts';
import type { ClusterObjects } from './cluster-objects.ts';

/** What an installation did, for the log. */
export interface Installed {
  readonly applied: number;
  readonly removed: number;
}

/**
 * Makes a cluster hold what was rendered for it, and nothing else of the relay's: all or, where a namespace is missing, nothing. A CRD is only
 * offered: one that another installed (External Secrets Operator) stays as it is.
 *
 * @throws RelayError NAMESPACE_NOT_FOUND naming all that are missing, and those of `ClusterObjects`
 */
export async function install(
  objects: ClusterObjects,
  { cluster, relay }: { readonly cluster: string; readonly relay: string },
  manifests: readonly Manifest[],
): Promise<Installed> {
  const namespaces = new Set(manifests.flatMap(({ metadata }) => metadata.namespace ?? []));
  const missing = await objects.missing([...namespaces]);
  if (missing.length > 0)
    throw new RelayError(
      'NAMESPACE_NOT_FOUND',
      `${cluster} has no namespace ${missing.join(', ')}; create it, or take it out of clusters[].namespaces`,
    );
  const definitions = manifests.filter(({ kind }) => kind === CRD.kind);
  let offered = 0;
  for (const definition of definitions) offered += (await objects.offer(definition)) === 'applied' ? 1 : 0;
  const ordered = MANIFEST_KINDS.flatMap(({ kind }) =>
    manifests.filter((manifest) => manifest.kind === kind),
  );
  for (const manifest of ordered) await objects.apply(manifest);
  const wanted = new Set(ordered.map((manifest) => manifestPath(manifest)));
  const removed = (await objects.installed(relay)).filter((path) => !wanted.has(path));
  for (const path of removed.toReversed()) await objects.remove(path);
  return { applied: ordered.length + offered, removed: removed.length };
}

/** Takes everything away that was installed for a relay: the permission first, the fence last. */
export async function uninstall(objects: ClusterObjects, relay: string): Promise<Installed> {
  const paths = await objects.installed(relay);
  for (const path of paths.toReversed()) await objects.remove(path);
  return { applied: 0, removed: paths.length };
}
