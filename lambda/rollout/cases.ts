import { WORKLOAD_ANNOTATION } from '../contract.ts';
import { workloadId } from '../model/workload.ts';
import type { Workload } from '../model/workload.ts';
import { restartId, seenAgain } from '../model/rollout-memory.ts';
import type { Seen } from '../model/rollout-memory.ts';
import { progressOf } from './progress.ts';
import { askedBy } from './selection.ts';
import type { AskedBy } from './selection.ts';
import { templateAnnotation } from './template-annotation.ts';
import type { PendingSecret, RolloutView } from './view.ts';

/** One workload that is to be restarted for one Secret, and how far that is. */
export interface Case {
  readonly secret: PendingSecret;
  readonly workload: Workload;
  readonly wave: number;
  readonly state: CaseState;
}

export type CaseState =
  /** Its pods have the new value; `stale` of them never will. */
  | { readonly kind: 'done'; readonly stale: number }
  /** It is for somebody else to restart it. */
  | { readonly kind: 'left'; readonly to: 'reloader' | 'whoever deletes its pods' }
  | { readonly kind: 'running'; readonly seen: Seen }
  | { readonly kind: 'failed'; readonly why: string }
  /** It is restarted, and waits for a person before it goes on. */
  | { readonly kind: 'halted' }
  /** It is to be restarted, and a person says that it is not. */
  | { readonly kind: 'held'; readonly by: 'workload' | 'namespace' }
  | { readonly kind: 'due' };

/** Somebody takes the annotation away again each time: the relay gives in. */
const MAX_RESTARTS = 3;

/** Longer than a request to an API server may take. */
const WRITE_SECONDS = 15;

/** The cases of one Secret: the workloads of its namespace that are to be restarted for it. */
export function casesOf(secret: PendingSecret, view: RolloutView): readonly Case[] {
  const { namespace, name } = secret.target;
  const named = { name, annotations: secret.observed.annotations };
  return view.workloads
    .filter(({ ref }) => ref.namespace === namespace)
    .flatMap((workload): readonly Case[] => {
      const by = askedBy(workload, named, secret.policy);
      if (by === undefined || isYounger(workload, secret)) return [];
      return [{ secret, workload, wave: waveOf(workload), state: stateOf(secret, workload, by, view) }];
    });
}

/** Whether its pods began with the change. The time of a change is that before its write, by another clock than the API server's. */
function isYounger({ created }: Workload, { change }: PendingSecret): boolean {
  return created.getTime() > change.written.getTime() + WRITE_SECONDS * 1000;
}

function stateOf(secret: PendingSecret, workload: Workload, by: AskedBy, view: RolloutView): CaseState {
  const progress = progressOf(workload.status);
  if (progress.kind === 'by-hand') return { kind: 'left', to: 'whoever deletes its pods' };
  if (!hasRevision(secret, workload, view)) return stateBefore(secret, workload, by, view);
  switch (progress.kind) {
    case 'complete':
      return { kind: 'done', stale: progress.stale };
    case 'paused':
      return { kind: 'halted' };
    case 'failed':
      return progress;
    case 'running':
      return running(workload, progress.done, view);
  }
}

/** Whether its pod template is one from after the change: by the relay, or by Reloader, which may have been faster. */
function hasRevision(
  { target, revision, change }: PendingSecret,
  workload: Workload,
  view: RolloutView,
): boolean {
  if (workload.templateAnnotations[templateAnnotation(target.name)] === revision) return true;
  const { reloadedAt } = workload;
  if (view.rollouts.reloader === 'absent' || reloadedAt === undefined) return false;
  // Reloader's time is cut to the second, and it never comes before the change.
  return reloadedAt.getTime() + 999 >= change.written.getTime();
}

function stateBefore(secret: PendingSecret, workload: Workload, by: AskedBy, view: RolloutView): CaseState {
  const { rollouts, pausedNamespaces, memory } = view;
  if (by === 'reloader' && rollouts.reloader === 'present') return { kind: 'left', to: 'reloader' };
  const id = restartId(workloadId(workload.ref), secret.target.name, secret.revision);
  if ((memory.restarts.get(id) ?? 0) >= MAX_RESTARTS)
    return {
      kind: 'failed',
      why: `after ${MAX_RESTARTS} attempts its pod template is without the annotation for the Secret; see in the log whether something refuses it, or who or what takes it away`,
    };
  if (workload.status.paused || workload.annotations[WORKLOAD_ANNOTATION.paused] === 'true')
    return { kind: 'held', by: 'workload' };
  return pausedNamespaces.has(workload.ref.namespace) ? { kind: 'held', by: 'namespace' } : { kind: 'due' };
}

/** A workload that makes no progress has failed, even where its controller has no deadline of its own. */
function running({ ref, status }: Workload, done: number, { memory, settings, now }: RolloutView): CaseState {
  const seen = seenAgain(memory.seen.get(workloadId(ref)), done, now);
  const limit = Math.max(settings.deadlineSeconds, status.deadlineSeconds ?? 0);
  if (now.getTime() - seen.since.getTime() < limit * 1000) return { kind: 'running', seen };
  return { kind: 'failed', why: `it made no progress for ${limit} s` };
}

/** What is no whole number counts as none. */
function waveOf({ annotations }: Workload): number {
  const text = annotations[WORKLOAD_ANNOTATION.wave] ?? '0';
  return /^-?\d{1,9}$/u.test(text) ? Number(text) : 0;
}
