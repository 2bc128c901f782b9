/**
 * What earlier visits saw of the workloads that are being restarted: it goes from visit to visit. Where it is lost, deadlines begin again, and
 * nothing else.
 */
export interface Memory {
  /** By `workloadId`. */
  readonly seen: ReadonlyMap<string, Seen>;
  /** By `restartId`: how often a workload was restarted for a revision. */
  readonly restarts: ReadonlyMap<string, number>;
}

/** How far a workload was, and since when. */
export interface Seen {
  /** Pods that were new, and pods that were available. */
  readonly done: number;
  readonly since: Date;
}

export const NO_MEMORY: Memory = { seen: new Map(), restarts: new Map() };

/** A workload as it is seen now: since when it has been like this. */
export function seenAgain(before: Seen | undefined, done: number, now: Date): Seen {
  return before?.done === done ? before : { done, since: now };
}

/** The identity of a restart, fit for a map key. */
export function restartId(workload: string, secret: string, revision: string): string {
  return `${workload} ${secret}=${revision}`;
}

/** What is remembered when restarts did not happen after all: they do not count. */
export function withoutRestarts({ seen, restarts }: Memory, ids: readonly string[]): Memory {
  const counts = [...restarts].map(([id, count]) => [id, ids.includes(id) ? count - 1 : count] as const);
  return { seen, restarts: new Map(counts.filter(([, count]) => count > 0)) };
}
