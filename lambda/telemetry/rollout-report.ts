import { METRIC } from '../contract.ts';
import { eventIdsIn, eventIdsOf } from '../model/event-ids.ts';
import type { EventIds } from '../model/event-ids.ts';
import { NOT_LOOKED_AT } from '../model/workload.ts';
import type { Visited } from '../relay/visit-rollouts.ts';
import type { Conclusion } from '../rollout/plan-rollouts.ts';
import { logger } from './logger.ts';
import { countFailure, note, noteTime } from './metrics.ts';
import { logFailure } from './report.ts';

/**
 * Says what became of a visit: one line for each decision, with the events that it goes back to.
 *
 * @param ids those that the Secrets themselves do not tell
 */
export function reportVisit(cluster: string, visited: Visited, ids: EventIds): void {
  const { restarted, recorded, failed, held, unseen } = visited;
  for (const { workload, secrets } of restarted) {
    logger.info('workload restarted', {
      ...workload.ref,
      revisions: Object.fromEntries(secrets.map(({ target, revision }) => [target.name, revision])),
      eventIds: eventIdsOf(secrets, ids),
    });
    note(METRIC.restarted, 1);
  }
  for (const conclusion of recorded) reportConclusion(conclusion, ids);
  for (const { secret, why } of held)
    logger.info('rollout held', {
      ...secret.target,
      revision: secret.revision,
      why,
      eventIds: eventIdsOf([secret], ids),
    });
  for (const { where, secrets, error } of failed)
    // The next round or visit has looked again, or will.
    logger.warn('rollout not written', {
      where,
      code: error.code,
      reason: error.message,
      eventIds: eventIdsOf(secrets, ids),
    });
  for (const [namespace, error] of unseen) {
    logFailure('rollouts not looked at', error, {
      cluster,
      namespace,
      eventIds: eventIdsIn(namespace, ids),
    });
    countFailure(cluster, error.code);
  }
}

function reportConclusion({ secret, record, cases }: Conclusion, ids: EventIds): void {
  const { target, revision, change } = secret;
  const { at, state, failed, ...counts } = record;
  const why = cases.flatMap(({ state: its, workload: { ref } }) =>
    its.kind === 'failed' ? [[`${ref.kind}/${ref.name}`, its.why]] : [],
  );
  const stale = cases.reduce((sum, { state: its }) => sum + (its.kind === 'done' ? its.stale : 0), 0);
  const line = {
    ...target,
    ...counts,
    revision,
    stale,
    notLookedAt: NOT_LOOKED_AT,
    eventIds: eventIdsOf([secret], ids),
  };
  if (state === 'failed') {
    logger.error('rollout failed', { ...line, failed, why: Object.fromEntries(why) });
    note(METRIC.rolloutFailed, 1);
    return;
  }
  logger.info('rollout complete', line);
  note(METRIC.rolledOut, 1);
  // Where nothing was restarted, no pod had to wait for it.
  if (record.restarted === 0) return;
  noteTime(METRIC.podPropagation, change.rotated ?? change.written, at);
}
