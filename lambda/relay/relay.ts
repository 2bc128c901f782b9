import type { Cause } from '../model/change-marks.ts';
import { declarationId } from '../model/declaration.ts';
import type { Outcome } from './outcome.ts';
import type { Ports, Work } from './ports.ts';
import { relayCluster } from './relay-cluster.ts';

/**
 * The whole program: each cluster side by side, so that one that is broken or slow holds back no other (guarantee 3).
 *
 * @returns an outcome for each piece of work, in no particular order
 */
export async function relay(
  work: readonly Work[],
  ports: Ports,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const perCluster = Map.groupBy(work, (item) => item.cluster);
  const outcomes = await Promise.all(
    perCluster.values().map((items) => relayCluster(mergeWork(items), ports, signal)),
  );
  return outcomes.flat();
}

/** Several changes that concern one target become one push that expects them all. */
function mergeWork(work: readonly Work[]): readonly Work[] {
  const perDeclaration = Map.groupBy(work, (item) => declarationId(item.declaration));
  return perDeclaration.values().map(mergeSame).toArray();
}

function mergeSame(items: readonly Work[]): Work {
  const [first] = items;
  if (first === undefined) throw new Error('defect: a group without members');
  const expectations = items.flatMap((item) => [...item.expected]);
  const bySource = Map.groupBy(expectations, ([id]) => id);
  const causes = items.flatMap(({ cause }) => (cause === undefined ? [] : [cause]));
  return {
    ...first,
    cause: causes.toSorted((a, b) => timeOf(a) - timeOf(b))[0],
    expected: new Map(
      bySource.entries().map(([id, found]) => [id, found.flatMap(([, versions]) => versions)]),
    ),
  };
}

/** The earliest change is the one that has waited longest. */
function timeOf({ rotated }: Cause): number {
  return rotated?.getTime() ?? Number.POSITIVE_INFINITY;
}
