/** What is known of whether one API server answers. */
export interface SilenceState {
  /** When it last answered, in milliseconds since the epoch. */
  readonly answered: number;
  /** Undefined where it is asked as usual. */
  readonly silent: Silent | undefined;
}

interface Silent {
  /** Milliseconds since the epoch: when it was found silent, and until when it is left alone. */
  readonly since: number;
  readonly until: number;
  /** How often in a row it was found so. */
  readonly times: number;
  /** Whether one request is under way that finds out. */
  readonly probed: boolean;
}

/** What came of a request: `unknown` where it says nothing of the server, as when the caller's time ended. */
export type Sign = 'answered' | 'silent' | 'unknown';

/** A request that came to its end. */
export interface Ended {
  readonly sign: Sign;
  /** Milliseconds since the epoch. */
  readonly began: number;
  readonly now: number;
}

/** How long a silent server is left alone, in milliseconds: twice as long each time that it is found silent again. */
const REST_MS = 5000;
const MAX_REST_MS = 30_000;

export const ANSWERING: SilenceState = { answered: 0, silent: undefined };

/** Whether a request may be sent, and the state if it is. Pure. */
export type Admission =
  | { readonly kind: 'sent'; readonly state: SilenceState }
  | { readonly kind: 'refused'; readonly waitMs: number };

/**
 * A server that let a whole timeout pass is left alone for some seconds, so that it costs no more of a function's time; then one request finds out
 * whether it answers, and the others wait for what that one finds. Pure.
 *
 * | the server                          | a request is |
 * |-------------------------------------|--------------|
 * | answers, as far as is known         | sent         |
 * | was silent just now                 | refused      |
 * | was silent, and its rest is over    | sent: one    |
 * | was silent, and that one is not back | refused      |
 */
export function admit(state: SilenceState, now: number): Admission {
  const { silent } = state;
  if (silent === undefined) return { kind: 'sent', state };
  if (now < silent.until) return { kind: 'refused', waitMs: silent.until - now };
  if (silent.probed) return { kind: 'refused', waitMs: REST_MS };
  return { kind: 'sent', state: { ...state, silent: { ...silent, probed: true } } };
}

/**
 * The state after a request. Pure.
 *
 * | the request                                                  | then                           |
 * |--------------------------------------------------------------|--------------------------------|
 * | was answered                                                 | the server is asked as usual   |
 * | was not, though another was answered meanwhile               | nothing changes                |
 * | was not, and began before the server was found silent        | nothing changes                |
 * | was not                                                      | it is left alone, longer each time |
 * | says nothing of the server                                   | another may find out           |
 */
export function afterRequest(state: SilenceState, { sign, began, now }: Ended): SilenceState {
  const { answered, silent } = state;
  switch (sign) {
    case 'answered':
      return { answered: now, silent: undefined };
    case 'unknown':
      return silent === undefined ? state : { ...state, silent: { ...silent, probed: false } };
    case 'silent': {
      if (answered > began || (silent !== undefined && began < silent.since)) return state;
      const times = (silent?.times ?? 0) + 1;
      const rest = Math.min(MAX_REST_MS, REST_MS * 2 ** (times - 1));
      return { answered, silent: { since: now, until: now + rest, times, probed: false } };
    }
  }
}
