import { RelayError } from '../../lambda/errors.ts';
import type { ClusterEvent } from '../../lambda/model/cluster-event.ts';
import { objectId } from '../../lambda/model/declared-object.ts';
import type { DeclaredObject, ObjectRef, ObjectStatus } from '../../lambda/model/declared-object.ts';
import type { ClusterReports, StatusTarget } from '../../lambda/model/ports.ts';

/** An object that was never looked at: `shop/db` in the cluster dev. */
export function aDeclaredObject(changes: Partial<DeclaredObject> = {}): DeclaredObject {
  return {
    ref: { cluster: 'dev', kind: 'ExternalSecret', namespace: 'shop', name: 'db' },
    uid: 'uid-of-es',
    generation: 1,
    resourceVersion: '17',
    version: '1-abc',
    status: { conditions: [] },
    statusWriters: { relay: undefined, other: undefined },
    refreshInterval: { text: '1h0m0s', seconds: 3600 },
    ...changes,
  };
}

/** Statuses and Events of clusters in memory, with the API server's promises about resourceVersion. */
export class FakeReports implements ClusterReports {
  /** By `objectId`: what `read` returns, an item with a `metadata.resourceVersion`. */
  readonly objects = new Map<
    string,
    { readonly metadata: { readonly resourceVersion: string } & Readonly<Record<string, unknown>> }
  >();
  /** Every status that was written, by `objectId`. */
  readonly statuses: (readonly [string, ObjectStatus])[] = [];
  /** Every Event that was told, in order. */
  readonly events: ClusterEvent[] = [];
  /** Called before each operation: a test throws from it, or changes the world between two steps. */
  before: (operation: 'status' | 'read' | 'event', about: string) => void = () => undefined;

  writeStatus({ ref, resourceVersion }: StatusTarget, status: ObjectStatus): Promise<void> {
    return this.#run('status', objectId(ref), () => {
      const stored = this.objects.get(objectId(ref));
      if (stored !== undefined && stored.metadata.resourceVersion !== resourceVersion)
        throw new RelayError('TARGET_CONTENDED', `${objectId(ref)} is no longer what was observed`);
      this.statuses.push([objectId(ref), status]);
    });
  }

  read(ref: ObjectRef): Promise<unknown> {
    return this.#run('read', objectId(ref), () => this.objects.get(objectId(ref)));
  }

  tell(event: ClusterEvent): Promise<void> {
    return this.#run('event', `${event.cluster}/${event.regarding.name}`, () => void this.events.push(event));
  }

  #run<T>(operation: 'status' | 'read' | 'event', about: string, run: () => T): Promise<T> {
    return new Promise((resolve) => {
      this.before(operation, about);
      resolve(run());
    });
  }
}
