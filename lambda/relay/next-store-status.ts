import { describeProblems } from '../declarations/problems.ts';
import type { Problem } from '../declarations/problems.ts';
import type { DeclaredObject, ObjectStatus } from '../model/declared-object.ts';
import { saysTheSame, withReady } from './next-status.ts';

/** The status of a store, with ESO's reasons and words, or undefined where it says that already. Pure. The relay only ever reads a store. */
export function nextStoreStatus(
  { status: before }: DeclaredObject,
  problems: readonly Problem[],
  now: Date,
): ObjectStatus | undefined {
  const valid = problems.length === 0;
  const told = valid
    ? { status: 'True', reason: 'Valid', message: 'store validated' }
    : {
        status: 'False',
        reason: 'InvalidProviderConfig',
        message: `unable to validate store: ${describeProblems(problems)}`,
      };
  const next: ObjectStatus = {
    conditions: withReady(before, told, now),
    capabilities: valid ? 'ReadOnly' : before.capabilities,
  };
  return saysTheSame(before, next) ? undefined : next;
}
