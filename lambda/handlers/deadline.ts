import type { Context } from 'aws-lambda';

/** What a handler keeps of its time to hand back unfinished work and to flush telemetry. */
const MARGIN_MS = 3000;

/** Aborts shortly before Lambda would end the function, so that what is unfinished is handed back instead of being cut off. */
export function deadlineOf(context: Pick<Context, 'getRemainingTimeInMillis'>): AbortSignal {
  return AbortSignal.timeout(Math.max(0, Math.floor(context.getRemainingTimeInMillis()) - MARGIN_MS));
}
