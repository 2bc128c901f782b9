import type { Cause } from '../model/change-marks.ts';
import { declarationId } from '../model/declaration.ts';
import { heldBy } from '../plan/held-by.ts';
import { heldByOther } from '../plan/refusals.ts';
import type { Outcome } from './outcome.ts';
import type { Ports, Work } from './ports.ts';
import { relayCluster } from './relay-cluster.ts';
import { headOf } from './target-of.ts';

/**
 * The whole program: each cluster side by side, so that one that is broken or slow holds back no other (guarantee 3). What another controller
 * brings about is left to it.
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
    perCluster.values().map(async (items) => {
      const { free, held } = apart(mergeWork(items), ports.clock.now());
      return [...held, ...(await relayCluster(free, ports, signal))];
    }),
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
  const causes = items.flatMap((item) => item.causes ?? []);
  return {
    ...first,
    causes: causes.toSorted((a, b) => timeOf(a) - timeOf(b)),
    expected: new Map(
      bySource.entries().map(([id, found]) => [id, found.flatMap(([, versions]) => versions)]),
    ),
  };
}

/** The earliest change is the one that has waited longest. */
function timeOf({ rotated }: Cause): number {
  return rotated?.getTime() ?? Number.POSITIVE_INFINITY;
}

/** What the relay may bring about, and the refusal of the rest. */
function apart(
  work: readonly Work[],
  now: Date,
): { readonly free: readonly Work[]; readonly held: readonly Outcome[] } {
  const free: Work[] = [];
  const held: Outcome[] = [];
  for (const item of work) {
    const { origin, takeOver } = item.declaration;
    const manager = origin === undefined ? undefined : heldBy(origin, takeOver, now);
    if (origin === undefined || manager === undefined) free.push(item);
    else held.push({ ...headOf(item, 1), kind: 'failed', error: heldByOther(origin, manager) });
  }
  return { free, held };
}
