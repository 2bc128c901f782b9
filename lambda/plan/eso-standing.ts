import { ESO_ANNOTATIONS, ESO_LABELS } from '../model/eso.ts';
import type { Marks, Observed } from '../model/target.ts';

/** Whose a Secret is, as far as ESO is concerned. */
export type Standing =
  /** ESO has no part in it. */
  | 'free'
  /** ESO's, and nobody said that it may be taken over. */
  | 'owned'
  /** ESO wrote to it after it had been taken over: it still runs, and the two would write in turns. */
  | 'contended'
  /** ESO's, to be taken over. */
  | 'take-over';

/** An ESO that runs comes back to a Secret within its refresh interval, which is an hour where nobody said otherwise; and a few minutes for its queue. */
const ESO_RETURNS_WITHIN_MS = 70 * 60_000;

/**
 * Decides whose a Secret is that bears ESO's marks. Pure.
 *
 * | the Secret                                              | no take-over | take-over |
 * |---------------------------------------------------------|--------------|-----------|
 * | bears no mark of ESO                                    | free         | free      |
 * | bears some, and the relay wrote to it last              | free         | free      |
 * | bears some, and the relay never wrote to it             | owned        | take-over |
 * | bears some, and ESO wrote to it last, within the window | contended    | contended |
 * | bears some, and ESO wrote to it last, before the window | owned        | take-over |
 */
export function esoStanding(observed: Observed, takeOver: boolean, now: Date): Standing {
  const { writtenAt, esoWrittenAt } = observed;
  const bears = marksOf(observed) !== undefined || (writtenAt === undefined && esoWrittenAt !== undefined);
  if (!bears) return 'free';
  const relayWroteLast = writtenAt !== undefined && (esoWrittenAt === undefined || esoWrittenAt <= writtenAt);
  if (relayWroteLast) return 'free';
  const recently =
    esoWrittenAt !== undefined && now.getTime() - esoWrittenAt.getTime() < ESO_RETURNS_WITHIN_MS;
  if (writtenAt !== undefined && recently) return 'contended';
  return takeOver ? 'take-over' : 'owned';
}

/** Whether ESO has no part in the Secret, so that it may be deleted. */
export function isFree(observed: Observed, now: Date): boolean {
  return esoStanding(observed, false, now) === 'free';
}

/** ESO's labels and annotations that the Secret bears; undefined where there is none. */
export function marksOf({ labels, annotations }: Observed): Marks | undefined {
  const found = {
    labels: ESO_LABELS.filter((name) => name in labels),
    annotations: ESO_ANNOTATIONS.filter((name) => name in annotations),
  };
  return found.labels.length + found.annotations.length === 0 ? undefined : found;
}
