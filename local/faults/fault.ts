/** A request as it comes to one of the two sides that the relay talks to. */
export interface Seen {
  /** Of a cluster: get, list, create, apply, patch or delete. Of AWS: the action, such as GetSecretValue. */
  readonly action: string;
  readonly path: string;
  readonly body: string;
}

/** How a side turns a request away. */
export interface Refusal {
  readonly status: number;
  /** The reason of a Kubernetes Status, or AWS's error code. */
  readonly reason: string;
  readonly retryAfterSeconds?: number;
}

/**
 * What becomes of a request instead of its answer.
 *
 * | kind     | passed on                | the client sees                                                       |
 * |----------|--------------------------|-----------------------------------------------------------------------|
 * | slow     | later                    | the answer, later                                                     |
 * | silent   | no                       | nothing, on an open connection                                        |
 * | reset    | no, or before the end    | the end of the connection                                             |
 * | cut      | yes                      | half of the answer, then the end of the connection                    |
 * | refusal  | no, or before it         | an error                                                              |
 * | end      | no, or before the end    | nothing any more: it ends                                             |
 * | degraded | as far as the side can   | an answer that is less than right: a part of a batch                  |
 * | stale    | no                       | the answer that the same path had when it was first asked for         |
 */
export type Fault =
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'silent' }
  | { readonly kind: 'reset'; readonly passed: 'on' | 'not' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'refusal'; readonly refusal: Refusal; readonly passed: 'on' | 'not' }
  | { readonly kind: 'end'; readonly passed: 'on' | 'not'; readonly end: () => void }
  | { readonly kind: 'degraded' }
  | { readonly kind: 'stale' };

/** Decides what becomes of each request; undefined where nothing goes wrong. Asked once for each, in the order in which they come. */
export type FaultPlan = (seen: Seen) => Fault | undefined;

/** Which requests a fault is for. */
export interface Matching {
  readonly action?: string | RegExp;
  readonly path?: RegExp;
  readonly body?: RegExp;
}

export function matches({ action, path, body }: Matching, seen: Seen): boolean {
  const named =
    action === undefined || (typeof action === 'string' ? seen.action === action : action.test(seen.action));
  return named && (path?.test(seen.path) ?? true) && (body?.test(seen.body) ?? true);
}
