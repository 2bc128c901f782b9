import { duration } from './screen.ts';

/** A pod that is not ending, as the demo looks at it. */
export interface Pod {
  /** `Kind/name` of what made it. */
  readonly workload: string;
  /** Whether it began with the newest value. */
  readonly isNew: boolean;
  readonly ready: boolean;
}

/** How many pods each workload is to have, by `Kind/name`. */
export type Wanted = ReadonlyMap<string, number>;

/** Whether every pod that is to be there is there, new and ready. Pure. */
export function allNew(pods: readonly Pod[], wanted: Wanted): boolean {
  return [...wanted].every(([workload, count]) => {
    const own = pods.filter((pod) => pod.workload === workload);
    return own.length === count && own.every(({ isNew, ready }) => isNew && ready);
  });
}

/** The pods of each workload in a line: ● new, ◐ new and not ready yet, ○ with the previous value. Pure. */
export function podLines(pods: readonly Pod[], wanted: Wanted, elapsedMs: number): readonly string[] {
  const width = Math.max(...[...wanted.keys()].map((name) => name.length));
  const lines = [...wanted].map(([workload, count]) => {
    const own = pods.filter((pod) => pod.workload === workload);
    const fresh = own.filter(({ isNew, ready }) => isNew && ready).length;
    const marks = own.map(markOf).toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
    return `${workload.padEnd(width)}  ${marks.join('').padEnd(count + 2)}  ${fresh} of ${count} new`;
  });
  return [...lines, `${duration(elapsedMs)} after the call that rotated it`];
}

type Mark = '●' | '◐' | '○';
const ORDER: readonly Mark[] = ['●', '◐', '○'];

function markOf({ isNew, ready }: Pod): Mark {
  if (!isNew) return '○';
  return ready ? '●' : '◐';
}
