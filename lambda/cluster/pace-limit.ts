/** How fast one API server is asked, and what that rests on. */
export interface PaceState {
  /** How many requests may be under way at once; its whole part counts. */
  readonly limit: number;
  /** How long an exchange takes lately, and how long it took at best, in ms; undefined before the first. */
  readonly lately: number | undefined;
  readonly best: number | undefined;
  /** Milliseconds since the epoch before which the limit is not lowered again: what is under way then was begun at the old pace. */
  readonly heldUntil: number;
}

/** What one exchange tells. */
export interface PaceSign {
  /** The HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;
  readonly ms: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Share of the newest exchange in `lately`. */
const WEIGHT = 0.2;
/** What was best is forgotten slowly, so that a server that became slower for good is not held to it for ever. */
const FADING = 1.001;
/** Slower than this many times the best, and than this many milliseconds, is crowded. */
const CROWDED = 4;
const CROWDED_MS = 250;
/** Between two lowerings. */
const HOLD_MS = 1000;

export function startingPace(max: number): PaceState {
  return { limit: max, lately: undefined, best: undefined, heldUntil: 0 };
}

/**
 * The pace after an exchange, as TCP finds its own: up by one for every round of requests, down by a share when the server is crowded. Pure.
 *
 * | the exchange                                             | limit                     |
 * |----------------------------------------------------------|---------------------------|
 * | 429 (API Priority and Fairness turned it away)           | halved, at least 1        |
 * | exchanges take four times their best and over 250 ms     | a quarter less, at least 1 |
 * | either, less than a second after it was lowered          | stays                     |
 * | any other answer                                         | a step up, at most `max`  |
 * | no answer                                                | stays                     |
 *
 * https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
 */
export function nextPace(state: PaceState, { status, ms, now }: PaceSign, max: number): PaceState {
  if (status === undefined) return state;
  if (status === 429) return lowered(state, 0.5, now);
  const lately = state.lately === undefined ? ms : state.lately * (1 - WEIGHT) + ms * WEIGHT;
  const best = Math.min(lately, (state.best ?? lately) * FADING);
  const timed = { ...state, lately, best };
  if (lately > CROWDED_MS && lately > CROWDED * best) return lowered(timed, 0.75, now);
  return { ...timed, limit: Math.min(max, timed.limit + 1 / timed.limit) };
}

function lowered(state: PaceState, share: number, now: number): PaceState {
  if (now < state.heldUntil) return state;
  return { ...state, limit: Math.max(1, state.limit * share), heldUntil: now + HOLD_MS };
}
