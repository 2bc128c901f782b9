import type { RolloutSettings } from '../model/rollout.ts';
import { permits } from '../plan/sync-windows.ts';
import type { Case } from './cases.ts';
import { pausePeriodOf } from './reloader.ts';
import type { PendingSecret, RolloutView } from './view.ts';

/** Why a workload that is to be restarted is not restarted now. */
export type Hold =
  /** A person, or the clock, says when it may: nobody looks again before the next sweep. */
  | { readonly kind: 'held'; readonly why: string }
  /** Until then. */
  | { readonly kind: 'until'; readonly time: Date }
  /** So many others are being restarted that it has to wait for them. */
  | { readonly kind: 'limit' }
  /** Others come first, by their wave. */
  | { readonly kind: 'wave' };

/** A namespace in which changes keep coming is rolled out all the same after so many times the debounce. */
const MAX_DEBOUNCES = 6;

/** What holds back every workload of the cluster. */
export function clusterHold({ rollouts, now }: RolloutView): Hold | undefined {
  if (rollouts.paused === true)
    return { kind: 'held', why: 'rollouts of the cluster are paused (clusters[].rollouts.paused)' };
  if (rollouts.windows === undefined || permits(rollouts.windows, now)) return undefined;
  return { kind: 'held', why: 'the maintenance window is closed (clusters[].rollouts.windows)' };
}

/** A namespace in which something changed moments ago: what changes together is rolled out together. */
export function debounceHold(
  pending: readonly PendingSecret[],
  { debounceSeconds }: RolloutSettings,
  now: Date,
): Hold | undefined {
  const debounce = debounceSeconds * 1000;
  const last = Math.max(...pending.map(({ change }) => change.written.getTime()));
  const first = Math.min(...pending.map(({ change }) => change.since.getTime()));
  return holdUntil(Math.min(last + debounce, first + MAX_DEBOUNCES * debounce), now);
}

/** A Deployment that asks for changes to be gathered (Reloader's pause-period), counted from the first of them. */
export function pausePeriodHold(due: readonly Case[], now: Date): Hold | undefined {
  const times = due.map(
    ({ secret, workload }) => secret.change.since.getTime() + (pausePeriodOf(workload) ?? 0) * 1000,
  );
  return holdUntil(Math.min(...times), now);
}

function holdUntil(time: number, now: Date): Hold | undefined {
  return time > now.getTime() ? { kind: 'until', time: new Date(time) } : undefined;
}
