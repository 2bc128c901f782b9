import type { Fault } from '../faults/fault.ts';
import type { Trouble } from './step.ts';

const refusal = (status: number, reason: string, passed: 'on' | 'not' = 'not'): Fault => ({
  kind: 'refusal',
  refusal: { status, reason },
  passed,
});
const EITHER: readonly Fault[] = [
  { kind: 'slow', ms: 40 },
  { kind: 'slow', ms: 250 },
  { kind: 'reset', passed: 'not' },
  { kind: 'reset', passed: 'on' },
  { kind: 'cut' },
];

/** What can go wrong on each side. Not among them: a side that never answers, which costs 10 s each time and is met one by one elsewhere. */
export const TROUBLES: Readonly<Record<Trouble['side'], readonly Fault[]>> = {
  cluster: [
    ...EITHER,
    refusal(429, 'TooManyRequests'),
    {
      kind: 'refusal',
      refusal: { status: 429, reason: 'TooManyRequests', retryAfterSeconds: 1 },
      passed: 'not',
    },
    refusal(500, 'InternalError'),
    refusal(500, 'InternalError', 'on'),
    refusal(503, 'ServiceUnavailable'),
    refusal(401, 'Unauthorized'),
  ],
  aws: [
    ...EITHER,
    refusal(400, 'ThrottlingException'),
    refusal(500, 'InternalServiceError'),
    refusal(503, 'ServiceUnavailable', 'on'),
    refusal(400, 'ExpiredTokenException'),
    { kind: 'degraded' },
  ],
};
