import { matches } from '../faults/fault.ts';
import type { FaultPlan, Seen } from '../faults/fault.ts';
import type { Random } from './random.ts';
import type { KilledFunction, Trouble } from './step.ts';

/** What goes wrong at the moment, for both sides. */
export interface Troubles {
  /** Adds one that lasts until the step of this number. */
  begin(trouble: Trouble, until: number): void;
  /** Lets a function die at the n-th exchange from now, of whomever. */
  arm(name: KilledFunction, exchanges: number): void;
  /** Ends what does not last to this step. */
  reach(step: number): void;
  /** Ends everything. */
  end(): void;
  /** For the proxy before the API server, or the emulator. */
  planOf(side: Trouble['side']): FaultPlan;
  /** Requests so far that met a fault, by side and kind. */
  readonly met: ReadonlyMap<string, number>;
}

interface Active {
  readonly trouble: Trouble;
  readonly until: number;
  /** How many requests of each path there were. */
  readonly asked: Map<string, number>;
}

function isHit({ trouble: { share }, asked }: Active, { path }: Seen, random: Random): boolean {
  if (share !== 'every other') return random.next() < share;
  const before = asked.get(path) ?? 0;
  asked.set(path, before + 1);
  return before % 2 === 0;
}

/** Nothing goes wrong at first. Which requests of a share are hit is drawn as they come: their order is not the seed's. */
export function createTroubles(random: Random, kill: (name: KilledFunction) => void): Troubles {
  let active: readonly Active[] = [];
  let armed: readonly { readonly name: KilledFunction; readonly left: number }[] = [];
  const met = new Map<string, number>();
  const countDown = (): void => {
    for (const { name, left } of armed) if (left === 0) kill(name);
    armed = armed.filter(({ left }) => left > 0).map(({ name, left }) => ({ name, left: left - 1 }));
  };
  return {
    met,
    begin: (trouble, until) => {
      active = [...active, { trouble, until, asked: new Map() }];
    },
    arm: (name, exchanges) => {
      armed = [...armed, { name, left: exchanges }];
    },
    reach: (step) => {
      active = active.filter(({ until }) => until > step);
    },
    end: () => {
      active = [];
      armed = [];
    },
    planOf: (side) => (seen) => {
      countDown();
      const hit = active.find(
        (item) => item.trouble.side === side && matches(item.trouble, seen) && isHit(item, seen, random),
      );
      if (hit === undefined) return undefined;
      const { fault, action } = hit.trouble;
      const what = action === undefined ? side : `${side}, ${action}`;
      const name = `${what}: ${fault.kind === 'refusal' ? `${fault.refusal.status} ${fault.refusal.reason}` : fault.kind}`;
      met.set(name, (met.get(name) ?? 0) + 1);
      return fault;
    },
  };
}
