import { membersOf } from './exchange.ts';
import type { Incoming } from './exchange.ts';
import type { ChaosState } from './chaos.ts';

/**
 * A read of a secret's current value as a lagging replica would understand it: as one of the version before. The answer's stages then say
 * AWSPREVIOUS, which nobody should rely on; the version id is what counts.
 */
export function asLaggingReplica(action: string, incoming: Incoming, chaos: ChaosState): Incoming {
  if (action !== 'GetSecretValue') return incoming;
  const members = membersOf(incoming.body);
  const { SecretId: id, VersionId: version, VersionStage: stage = 'AWSCURRENT' } = members;
  if (typeof id !== 'string' || version !== undefined || stage !== 'AWSCURRENT' || !chaos.takeStale(id)) return incoming;
  return { ...incoming, body: JSON.stringify({ ...members, VersionStage: 'AWSPREVIOUS' }) };
}
