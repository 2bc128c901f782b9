import type { HttpsResponse } from './https-transport.ts';
import type { TransportError } from './transport-error.ts';

/** The verbs of RBAC that the relay uses. */
export type Verb = 'get' | 'list' | 'create' | 'patch' | 'delete';

/** What came of one exchange. */
export type Outcome =
  | { readonly kind: 'answer'; readonly response: HttpsResponse }
  | { readonly kind: 'failure'; readonly error: TransportError };

export interface Attempt {
  readonly verb: Verb;
  readonly outcome: Outcome;
  /** How many exchanges there were, this one included. */
  readonly tries: number;
  /** From 0 to 1, for jitter. */
  readonly random: number;
}

/** In all. */
const MAX_TRIES = 4;
const BASE_MS = 200;
/** Longer than this is not waited for here: the target goes back to the queue with what the API server asked for. */
const MAX_WAIT_MS = 5000;

/**
 * How long to wait before the same request is sent again, or undefined where it is not. A write is repeated only when it certainly was not
 * processed; after any other failure only a new observation can tell, and that is the relay's business.
 *
 * | what came of it                    | get, list | create, patch, delete |
 * |------------------------------------|-----------|-----------------------|
 * | 429                                | again     | again                 |
 * | 500, 502, 503, 504                 | again     | no                    |
 * | no connection                      | again     | again                 |
 * | the connection broke               | again     | no                    |
 * | timeout, TLS, abort, too large     | no        | no                    |
 * | any other answer                   | no        | no                    |
 */
export function retryDelayMs({ verb, outcome, tries, random }: Attempt): number | undefined {
  if (tries >= MAX_TRIES || !isWorthRepeating(outcome, isRead(verb))) return undefined;
  const backoff = BASE_MS * 2 ** (tries - 1) * (0.5 + random);
  const asked = outcome.kind === 'answer' ? (retryAfterMs(outcome.response) ?? 0) : 0;
  return asked > MAX_WAIT_MS ? undefined : Math.max(asked, backoff);
}

/** Whether a request of this verb changes nothing. */
export function isRead(verb: Verb): boolean {
  return verb === 'get' || verb === 'list';
}

/** `Retry-After`, which the API server gives in seconds (https://kubernetes.io/docs/concepts/cluster-administration/flow-control/). */
export function retryAfterMs({ headers }: HttpsResponse): number | undefined {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function isWorthRepeating(outcome: Outcome, read: boolean): boolean {
  switch (outcome.kind) {
    case 'answer':
      return (
        outcome.response.status === 429 || (read && [500, 502, 503, 504].includes(outcome.response.status))
      );
    case 'failure':
      return outcome.error.kind === 'refused' || (read && outcome.error.kind === 'broken');
  }
}
