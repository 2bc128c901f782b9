import type { Visited } from './visit-rollouts.ts';

/**
 * What a visit came to, in a word: what a person looks for comes first. Pure.
 *
 * | of the visit                         | outcome       |
 * |--------------------------------------|---------------|
 * | a namespace could not be looked at   | not looked at |
 * | something could not be written       | not written   |
 * | a rollout failed                     | failed        |
 * | a workload was restarted             | restarted     |
 * | a rollout is complete                | complete      |
 * | others go on                         | following     |
 * | what is pending is held              | held          |
 * | nothing is pending                   | nothing       |
 */
export function visitOutcome({ unseen, failed, recorded, restarted, next, held }: Visited): string {
  if (unseen.size > 0) return 'not looked at';
  if (failed.length > 0) return 'not written';
  if (recorded.some(({ record }) => record.state === 'failed')) return 'failed';
  if (restarted.length > 0) return 'restarted';
  if (recorded.length > 0) return 'complete';
  if (next !== undefined) return 'following';
  return held.length > 0 ? 'held' : 'nothing';
}
