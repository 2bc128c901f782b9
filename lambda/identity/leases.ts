import type { Clock } from '../model/ports.ts';

/** Something that is good for a while. */
export interface Lease<T> {
  readonly value: T;
  /** Milliseconds, by the relay's own clock. */
  readonly until: number;
}

/** What is kept under a key, made anew where there is none or it has ended. */
export type Leases<T> = (key: string, make: () => Promise<Lease<T>>) => Promise<T>;

/**
 * Keeps things in memory for as long as they are good. Whoever asks while one is being made gets that one, so that many ask once; a failure
 * is everybody's who waited, and is not kept. What has ended is forgotten, so that memory does not grow with what was once asked for.
 */
export function createLeases<T>(clock: Clock): Leases<T> {
  const held = new Map<string, Lease<T>>();
  const making = new Map<string, Promise<T>>();
  const forget = (): void => {
    const now = clock.now().getTime();
    for (const [key, { until }] of held) if (until <= now) held.delete(key);
  };
  return (key, make) => {
    forget();
    const lease = held.get(key);
    if (lease !== undefined) return Promise.resolve(lease.value);
    const begun = making.get(key);
    if (begun !== undefined) return begun;
    const fresh = make()
      .then((made) => {
        held.set(key, made);
        return made.value;
      })
      .finally(() => making.delete(key));
    making.set(key, fresh);
    return fresh;
  };
}
