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

/** What a rival takes. */
export interface Day {
  /** While nothing rotates. */
  readonly callsPerHour: number;
  /** While nothing rotates. */
  readonly requestsPerHour: number;
  /** Seconds, where each secret rotates once. */
  readonly processorPerDay: number;
  /** What is reserved for it, in hours of 2^30 bytes, where each secret rotates once. */
  readonly gigabyteHoursPerDay: number;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
/** The functions of sweeps and pushes have that much (infra/constructs/relay-functions.ts). */
const FUNCTION_GIGABYTES = 1;

/** Of ESO. */
export interface EsoMeasured {
  readonly secrets: number;
  readonly intervalSeconds: number;
  /** Each refresh of one Secret that finds nothing new. */
  readonly refresh: Effort;
  /** Each rotation, beyond the refresh that finds it. */
  readonly rotation: Effort;
  /** Each second in which nothing is due. */
  readonly idle: Effort;
  readonly residentMB: number;
}

/** It is there all day, and looks at each Secret once an interval. */
export function dayOfEso(measured: EsoMeasured): Day {
  const { secrets, intervalSeconds, refresh, rotation, idle, residentMB } = measured;
  const perSecond = (of: keyof Effort): number => idle[of] + (secrets / intervalSeconds) * refresh[of];
  return {
    callsPerHour: HOUR * perSecond('calls'),
    requestsPerHour: HOUR * perSecond('requests'),
    processorPerDay: DAY * perSecond('processor') + secrets * rotation.processor,
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

/** Of the relay. */
export interface RelayMeasured {
  readonly secrets: number;
  /** A sweep that finds everything in sync. */
  readonly sweep: Effort;
  readonly rotation: Effort;
}

/** It is there once an hour and for each rotation, for as long as that takes. */
export function dayOfRelay({ secrets, sweep, rotation }: RelayMeasured): Day {
  const billedSeconds = 24 * billedOf(sweep) + secrets * billedOf(rotation);
  return {
    callsPerHour: sweep.calls,
    requestsPerHour: sweep.requests,
    processorPerDay: 24 * sweep.processor + secrets * rotation.processor,
    gigabyteHoursPerDay: (billedSeconds * FUNCTION_GIGABYTES) / HOUR,
  };
}

/** Seconds on Lambda's share of a processor; what a call of AWS takes is assumed as in docs/scaling.md. */
function billedOf({ calls, processor }: Effort): number {
  return processor / PROCESSORS + calls * LIST_SECONDS;
}
