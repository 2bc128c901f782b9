import type { ClusterObjects } from '../../../lambda/installer/cluster-objects.ts';
import { manifestPath } from '../../../lambda/model/manifest.ts';
import type { Manifest } from '../../../lambda/model/manifest.ts';

/** A cluster's objects in memory, in the order in which the API lists their kinds. */
export class FakeObjects implements ClusterObjects {
  readonly namespaces = new Set<string>();
  readonly paths: string[] = [];
  /** Paths of objects that others installed. */
  readonly others = new Set<string>();
  /** Every write, in order. */
  readonly writes: string[] = [];

  missing(namespaces: readonly string[]): Promise<readonly string[]> {
    return Promise.resolve(namespaces.filter((namespace) => !this.namespaces.has(namespace)));
  }

  installed(): Promise<readonly string[]> {
    return Promise.resolve([...this.paths]);
  }

  apply(manifest: Manifest): Promise<void> {
    const path = manifestPath(manifest) ?? 'nowhere';
    if (!this.paths.includes(path)) this.paths.push(path);
    this.writes.push(`apply ${path}`);
    return Promise.resolve();
  }

  /** Not among what is listed afterwards: a CRD belongs to no relay. */
  offer(manifest: Manifest): Promise<'applied' | 'kept'> {
    const path = manifestPath(manifest) ?? 'nowhere';
    if (this.others.has(path)) return Promise.resolve('kept');
    this.writes.push(`apply ${path}`);
    return Promise.resolve('applied');
  }

  remove(path: string): Promise<void> {
    this.paths.splice(this.paths.indexOf(path), 1);
    this.writes.push(`remove ${path}`);
    return Promise.resolve();
  }
}
