import { burstOf, endOf } from './arranged-steps.ts';
import type { Setting } from './setting.ts';
import { seededRandom } from './random.ts';
import type { Random } from './random.ts';
import { KILLED } from './step.ts';
import type { Act, Delivery, Step } from './step.ts';
import { TROUBLES } from './troubles.ts';

/** What is drawn: an act, or a burst. */
type Drawn = Exclude<Act['kind'], 'rest'> | 'burst';

/** How often each is drawn, of the sum of all. */
const WEIGHTS: readonly (readonly [Drawn, number])[] = [
  ['rotate', 36],
  ['rollback', 7],
  ['replay', 6],
  ['edit', 10],
  ['delete', 5],
  ['own', 8],
  ['sweep', 2],
  ['trouble', 12],
  ['kill', 4],
  ['burst', 1],
];
/** The last versions, of which one can become current again. */
const RECENT = 4;
const LONGEST_PAUSE_MS = 120;
const LONGEST_TROUBLE = 12;
const LONGEST_DELAY = 12;
const FARTHEST_EXCHANGE = 8;
const LARGEST_SHARE = 0.5;

/** The number of the version that is current, one after another, for each source. Version 0 is there from the start. */
export type Currents = ReadonlyMap<string, readonly number[]>;

/** The steps of a soak, so many and those of its end: the same for the same seed. */
export function planOf(seed: number, steps: number, setting: Setting): readonly Step[] {
  const random = seededRandom(seed);
  const currents = new Map(setting.sources.map((source): [string, number[]] => [source, [0]]));
  const drawn: Step[] = [];
  while (drawn.length < steps) {
    for (const step of stepsOf(kindOf(random), random, setting, currents)) {
      follow(currents, step.act);
      drawn.push(step);
    }
  }
  return [...drawn.slice(0, steps), ...endOf(setting)];
}

function stepsOf(drawn: Drawn, random: Random, setting: Setting, currents: Currents): readonly Step[] {
  if (drawn === 'burst') return burstOf([random.pick(setting.sources)]);
  const act = actOf(drawn, random, setting, currents);
  return [{ act, pauseMs: random.between(0, LONGEST_PAUSE_MS) }];
}

/** Which versions the steps make current. */
export function currentsOf(steps: readonly Step[], setting: Setting): Currents {
  const currents = new Map(setting.sources.map((source): [string, number[]] => [source, [0]]));
  for (const { act } of steps) follow(currents, act);
  return currents;
}

function follow(currents: Map<string, number[]>, act: Act): void {
  if (act.kind === 'rotate') currents.get(act.source)?.push(newest(currents, act.source) + 1);
  if (act.kind === 'rollback') currents.get(act.source)?.push(act.to);
}

function newest(currents: Currents, source: string): number {
  return Math.max(...(currents.get(source) ?? []));
}

function actOf(kind: Exclude<Drawn, 'burst'>, random: Random, setting: Setting, currents: Currents): Act {
  const source = random.pick(setting.sources);
  switch (kind) {
    case 'rotate':
      return { kind, source, how: random.pick(['put', 'put', 'staged']), delivery: deliveryOf(random) };
    case 'rollback': {
      const current = currents.get(source)?.at(-1) ?? 0;
      const last = newest(currents, source);
      const others = Array.from({ length: RECENT }, (_, n) => last - n).filter(
        (n) => n >= 0 && n !== current,
      );
      // A source of one version has nothing to go back to.
      return others.length === 0
        ? { kind: 'rotate', source, how: 'put', delivery: { kind: 'once' } }
        : { kind, source, to: random.pick(others), delivery: deliveryOf(random) };
    }
    case 'replay': {
      const changes = (currents.get(source)?.length ?? 1) - 1;
      return changes === 0 ? { kind: 'sweep' } : { kind, source, change: random.between(1, changes) };
    }
    case 'edit': {
      const [secret, { sources, policy }] = random.pick([...setting.declared]);
      const key = policy === 'Owner' && random.next() < 0.3 ? 'added-by-hand' : random.pick(sources);
      return { kind, secret, key };
    }
    case 'delete': {
      const owned = [...setting.declared].filter(([, { policy }]) => policy === 'Owner');
      return { kind, secret: random.pick(owned)[0] };
    }
    case 'own': {
      const shared = [...setting.declared].filter(([, { policy }]) => policy === 'Merge').map(([id]) => id);
      return { kind, secret: random.pick([...setting.beside, ...shared]) };
    }
    case 'sweep':
      return { kind };
    case 'trouble': {
      const side = random.pick(['cluster', 'aws'] as const);
      const trouble = { side, fault: random.pick(TROUBLES[side]), share: random.next() * LARGEST_SHARE };
      return { kind, trouble, steps: random.between(2, LONGEST_TROUBLE) };
    }
    case 'kill':
      return { kind, function: random.pick(KILLED), exchanges: random.between(0, FARTHEST_EXCHANGE) };
  }
}

function kindOf(random: Random): Drawn {
  const sum = WEIGHTS.reduce((all, [, weight]) => all + weight, 0);
  let left = random.next() * sum;
  for (const [kind, weight] of WEIGHTS) {
    left -= weight;
    if (left < 0) return kind;
  }
  throw new Error('defect: the weights do not add up');
}

function deliveryOf(random: Random): Delivery {
  const kind = random.pick(['once', 'once', 'once', 'twice', 'lost', 'late', 'late'] as const);
  return kind === 'late' ? { kind, steps: random.between(1, LONGEST_DELAY) } : { kind };
}
