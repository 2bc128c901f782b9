import * as z from 'zod/mini';
import { ROLLOUT_SETTINGS } from '../model/rollout.ts';
import { described } from './described.ts';
import { fields } from './formats.ts';
import { Windows } from './windows.ts';

const seconds = z.int('a whole number').check(z.minimum(0), z.maximum(900));
const limit = z.int('a whole number').check(z.minimum(1), z.maximum(1000));

/** `clusters[].rollouts` */
export const Rollouts = fields({
  policy: described(
    z.optional(z.enum(['off', 'annotated', 'auto'])),
    'Which workloads are restarted when a Secret changes: none, those whose annotations ask for it, or all that consume it. Where absent, `annotated` with access rbac, else `off`.',
  ),
  paused: described(
    z._default(z.boolean('true or false'), false),
    'Restarts nothing until it is taken away.',
  ),
  windows: described(
    z.optional(Windows),
    'Maintenance windows: when workloads may be restarted; any time where absent.',
  ),
  reloader: described(
    z._default(z.enum(['detect', 'present', 'absent']), 'detect'),
    'Stakater Reloader in the cluster. `detect`: a workload that it has restarted for the change is not restarted again. `present`: what its annotations ask for is left to it. `absent`: nobody looks for it.',
  ),
});
export type Rollouts = z.infer<typeof Rollouts>;

/** `settings.rollouts` */
export const RolloutSettings = fields({
  debounceSeconds: described(
    z._default(seconds, ROLLOUT_SETTINGS.debounceSeconds),
    'So long nothing may have changed in a namespace before its workloads are restarted: what is rotated together is rolled out together.',
  ),
  maxPerNamespace: described(
    z._default(limit, ROLLOUT_SETTINGS.maxPerNamespace),
    'How many workloads of one namespace restart at once.',
  ),
  maxPerCluster: described(
    z._default(limit, ROLLOUT_SETTINGS.maxPerCluster),
    'How many workloads of one cluster restart at once.',
  ),
  deadlineSeconds: described(
    z._default(
      z.int('a whole number').check(z.minimum(1), z.maximum(86_400)),
      ROLLOUT_SETTINGS.deadlineSeconds,
    ),
    'A workload without progress for so long has failed, unless its own progress deadline is longer.',
  ),
});
