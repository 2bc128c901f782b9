import { LIST_SECONDS, PROCESSORS } from '../scaling.ts';

/** What something asked for and took. */
export interface Effort {
  /** Calls of AWS. */
  readonly calls: number;
  /** Requests of the API server. */
  readonly requests: number;
  /** Processor time, in seconds. */
  readonly processor: number;
}

/** What a rival takes while nothing rotates. */
export interface AtRest {
  readonly callsPerHour: number;
  readonly requestsPerHour: number;
  /** Seconds. */
  readonly processorPerDay: number;
  /** What is reserved for it, in hours of 2^30 bytes. */
  readonly gigabyteHoursPerDay: number;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
/** The functions of sweeps have that much (infra/constructs/relay-functions.ts). */
const FUNCTION_GIGABYTES = 1;

/** Of ESO. */
export interface EsoMeasured {
  readonly secrets: number;
  readonly intervalSeconds: number;
  /** Each refresh of one Secret that finds nothing new. */
  readonly refresh: Effort;
  /** Each second in which nothing is due. */
  readonly idle: Effort;
  readonly residentMB: number;
}

/** It is there all day, and looks at each Secret once an interval. */
export function esoAtRest({ secrets, intervalSeconds, refresh, idle, residentMB }: EsoMeasured): AtRest {
  const perSecond = (of: keyof Effort): number => idle[of] + (secrets / intervalSeconds) * refresh[of];
  return {
    callsPerHour: HOUR * perSecond('calls'),
    requestsPerHour: HOUR * perSecond('requests'),
    processorPerDay: DAY * perSecond('processor'),
    gigabyteHoursPerDay: (24 * residentMB) / 1024,
  };
}

/** What each of so many took, beyond what would have been taken without them. */
export function eachOf(count: number, taken: Effort, without: Effort): Effort {
  const each = (of: keyof Effort): number => Math.max(0, taken[of] - without[of]) / count;
  return { calls: each('calls'), requests: each('requests'), processor: each('processor') };
}

/** So many times as much. */
export function times(factor: number, { calls, requests, processor }: Effort): Effort {
  return { calls: factor * calls, requests: factor * requests, processor: factor * processor };
}

/** The relay is there once an hour, for as long as a sweep takes on Lambda's share of a processor; that of a call of AWS is taken as in docs/scaling.md. */
export function relayAtRest({ calls, requests, processor }: Effort): AtRest {
  const billedSeconds = processor / PROCESSORS + calls * LIST_SECONDS;
  return {
    callsPerHour: calls,
    requestsPerHour: requests,
    processorPerDay: 24 * processor,
    gigabyteHoursPerDay: (24 * billedSeconds * FUNCTION_GIGABYTES) / HOUR,
  };
}
