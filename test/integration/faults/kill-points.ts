import type { FunctionName } from '../../../infra/bundle.ts';
import type { FaultPlan, Seen } from '../../../local/faults/fault.ts';

/** An exchange of a function with the API server or AWS, and when the function dies at it. */
export interface KillPoint {
  readonly function: FunctionName;
  /** Of the functions' invocations, from 0. */
  readonly invocation: number;
  /** Of the invocation's exchanges, from 0. */
  readonly exchange: number;
  /** `before`: the request is not carried out; `after`: it is, and the function never learns. */
  readonly when: 'before' | 'after';
  /** For the reader. */
  readonly asks: string;
}

/** What one invocation asked for, in order. */
export interface Invocation {
  readonly function: FunctionName;
  readonly exchanges: readonly Seen[];
}

const WRITES: ReadonlySet<string> = new Set([
  ...['create', 'apply', 'patch', 'delete'],
  ...['SendMessageBatch', 'PutEvents', 'ChangeMessageVisibility'],
]);
/** The API server's, when it verifies a token. */
const OF_OTHERS: ReadonlySet<string> = new Set(['GetCallerIdentity']);

/** Every point at which a function can die. To the world it is one whether a read was carried out, so that each of them is one point. */
export function killPointsOf(
  invocations: readonly Invocation[],
  functions: readonly FunctionName[],
): readonly KillPoint[] {
  return invocations.flatMap((item, invocation) =>
    functions.includes(item.function)
      ? item.exchanges.flatMap(({ action, path }, exchange) =>
          (WRITES.has(action) ? (['before', 'after'] as const) : (['after'] as const)).map((when) => ({
            ...{ function: item.function, invocation, exchange, when },
            asks: `${action} ${path.split('?')[0] ?? ''}`,
          })),
        )
      : [],
  );
}

/** Sees every exchange of one story, and ends the function at one of them. */
export interface Witness {
  readonly plan: FaultPlan;
  /** Another invocation begins. */
  invoked(name: FunctionName): void;
  readonly invocations: readonly Invocation[];
  /** Whether the function was ended. */
  readonly killed: boolean;
}

export function watchExchanges(point: KillPoint | undefined, kill: (name: FunctionName) => void): Witness {
  const invocations: { readonly function: FunctionName; readonly exchanges: Seen[] }[] = [];
  let killed = false;
  return {
    invocations,
    get killed() {
      return killed;
    },
    invoked: (name) => void invocations.push({ function: name, exchanges: [] }),
    plan: (seen) => {
      const current = invocations.at(-1);
      if (current === undefined || OF_OTHERS.has(seen.action)) return undefined;
      current.exchanges.push(seen);
      const here =
        !killed &&
        point?.invocation === invocations.length - 1 &&
        point.exchange === current.exchanges.length - 1;
      if (!here) return undefined;
      killed = true;
      return {
        kind: 'end',
        passed: point.when === 'after' ? 'on' : 'not',
        end: () => kill(current.function),
      };
    },
  };
}
