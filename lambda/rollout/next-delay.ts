import type { NextVisit } from './plan-rollouts.ts';

/** The longest that a queue delays a message (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html). */
const MAX_DELAY = 900;
/** Pods that take minutes are looked at once a minute. */
const MAX_BACKOFF = 60;

/**
 * In how many seconds to look again: soon while workloads restart, later each time that nothing was begun, and when a time comes at which more may
 * be restarted.
 */
export function nextDelaySeconds({ active, at }: NextVisit, attempt: number, now: Date): number {
  const backoff = active || at === undefined ? Math.min(MAX_BACKOFF, 2 ** (attempt + 1)) : MAX_DELAY;
  const wait = at === undefined ? MAX_DELAY : Math.ceil((at.getTime() - now.getTime()) / 1000);
  return Math.max(1, Math.min(backoff, wait, MAX_DELAY));
}
