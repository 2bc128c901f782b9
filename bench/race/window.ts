import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalAws } from '../../local/aws/start-aws.ts';
import { relayCalls } from '../relay-calls.ts';
import { endOf, requestsSince } from './audit-log.ts';

/** What a rival did in a while. */
export interface Window {
  readonly seconds: number;
  /** Calls of AWS. */
  readonly calls: number;
  /** Requests of the API server, by kind; a watch counts when it ends. */
  readonly requests: ReadonlyMap<string, number>;
  /** Processor time, in seconds. */
  readonly processor: number;
}

/** Where one sees what a rival does, while no other runs. */
export interface Watched {
  readonly aws: LocalAws;
  readonly auditLogPath: string;
  /** Processor time so far, in seconds. */
  readonly processor: () => number;
}

/** An answer is recorded just after it was given. */
const RECORDED_MS = 200;

/** What the rival does while the work is done. */
export async function during(
  { aws, auditLogPath, processor }: Watched,
  work: () => Promise<unknown>,
): Promise<Window> {
  aws.chaos.resetCalls();
  const begin = await endOf(auditLogPath);
  const before = processor();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  await sleep(RECORDED_MS);
  return {
    seconds,
    calls: sum(relayCalls(aws.chaos.calls())),
    requests: await requestsSince(auditLogPath, begin),
    processor: processor() - before,
  };
}

export function sum(counts: ReadonlyMap<string, number>): number {
  return counts.values().reduce((total, count) => total + count, 0);
}
