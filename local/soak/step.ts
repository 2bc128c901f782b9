import type { Fault } from '../faults/fault.ts';
import type { SecretId } from './setting.ts';

/** How the event of a change comes to the relay. `late`: after so many more steps, and thus behind later ones. */
export type Delivery =
  | { readonly kind: 'once' }
  | { readonly kind: 'twice' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'late'; readonly steps: number };

/** What goes wrong with a share of the requests to one side, or of those of one action. */
export interface Trouble {
  readonly side: 'cluster' | 'aws';
  readonly fault: Fault;
  /** As in a fault plan: `apply`. */
  readonly action?: string;
  /** Of the requests, from 0 to 1; or of those for the same thing every other, the first of them too. */
  readonly share: number | 'every other';
}

/** The functions that are killed. */
export const KILLED = ['push', 'reconcile-shard', 'rollout'] as const;
export type KilledFunction = (typeof KILLED)[number];

/**
 * What happens next.
 *
 * | kind     |                                                                                                 |
 * |----------|-------------------------------------------------------------------------------------------------|
 * | rotate   | a new version becomes current, at once or by way of AWSPENDING                                  |
 * | rollback | an older version becomes current again                                                          |
 * | replay   | the event of a source's n-th change comes again                                                 |
 * | edit     | somebody changes a key of the relay's, or adds one                                              |
 * | delete   | somebody deletes a Secret that the relay made                                                   |
 * | own      | somebody changes what is not the relay's: a Secret beside those, or a key in one that is shared |
 * | sweep    | the schedule comes                                                                              |
 * | trouble  | something goes wrong for the next steps                                                         |
 * | kill     | a function dies at the n-th exchange from now                                                   |
 * | rest     | whatever goes wrong ends, what is late comes, and the queues run empty                          |
 */
export type Act =
  | {
      readonly kind: 'rotate';
      readonly source: string;
      readonly how: 'put' | 'staged';
      readonly delivery: Delivery;
    }
  | { readonly kind: 'rollback'; readonly source: string; readonly to: number; readonly delivery: Delivery }
  | { readonly kind: 'replay'; readonly source: string; readonly change: number }
  | { readonly kind: 'edit'; readonly secret: SecretId; readonly key: string }
  | { readonly kind: 'delete'; readonly secret: SecretId }
  | { readonly kind: 'own'; readonly secret: SecretId }
  | { readonly kind: 'sweep' }
  | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly steps: number }
  | { readonly kind: 'kill'; readonly function: KilledFunction; readonly exchanges: number }
  | { readonly kind: 'rest' };

/** An act and the wait before it, in ms. */
export interface Step {
  readonly act: Act;
  readonly pauseMs: number;
}
