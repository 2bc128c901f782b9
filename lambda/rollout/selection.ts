import { WORKLOAD_ANNOTATION } from '../contract.ts';
import type { RolloutPolicy } from '../model/rollout.ts';
import type { Workload } from '../model/workload.ts';
import { reloaderSays } from './reloader.ts';
import type { NamedSecret } from './reloader.ts';

/** Who asks for a restart: the relay's own annotation, Reloader's, or the policy. */
export type AskedBy = 'keyrelay' | 'reloader' | 'policy';

/**
 * Whether a workload is restarted when a Secret of its namespace changes, and who asks for it. What is said about the workload itself wins over
 * the policy; the relay's own annotation wins over Reloader's.
 *
 * | the workload says                     | policy annotated        | policy auto             | off |
 * |---------------------------------------|-------------------------|-------------------------|-----|
 * | restart "true"                        | where it consumes it    | where it consumes it    | no  |
 * | restart, a list with the Secret       | yes                     | yes                     | no  |
 * | restart "false", or another list      | no                      | no                      | no  |
 * | Reloader's annotations: yes or no     | as they say             | as they say             | no  |
 * | nothing                               | no                      | where it consumes it    | no  |
 */
export function askedBy(workload: Workload, secret: NamedSecret, policy: RolloutPolicy): AskedBy | undefined {
  if (policy === 'off') return undefined;
  const consumes = workload.secrets.has(secret.name);
  const own = workload.annotations[WORKLOAD_ANNOTATION.restart];
  if (own === 'true') return consumes ? 'keyrelay' : undefined;
  if (own !== undefined) return namesOf(own).includes(secret.name) ? 'keyrelay' : undefined;
  switch (reloaderSays(workload, secret)) {
    case 'yes':
      return 'reloader';
    case 'no':
      return undefined;
    case 'nothing':
      return policy === 'auto' && consumes ? 'policy' : undefined;
  }
}

function namesOf(list: string): readonly string[] {
  return list.split(',').map((name) => name.trim());
}
