import { expect, test } from '@jest/globals';
import { retryDelayMs } from '../../../lambda/cluster/retry-policy.ts';
import type { Attempt, Outcome } from '../../../lambda/cluster/retry-policy.ts';
import { TransportError } from '../../../lambda/cluster/transport-error.ts';

function answer(status: number, headers: Record<string, string> = {}): Outcome {
  return { kind: 'answer', response: { status, headers, body: '' } };
}

function failure(kind: TransportError['kind'], request: TransportError['request'] = 'sent'): Outcome {
  return { kind: 'failure', error: new TransportError(kind, 'EFAKE', request) };
}

function anAttempt(changes: Partial<Attempt> = {}): Attempt {
  return { verb: 'get', outcome: answer(429), tries: 1, random: 0.5, ...changes };
}

test.each([
  { what: '429', outcome: answer(429), read: true, write: true },
  { what: '500', outcome: answer(500), read: true, write: false },
  { what: '502', outcome: answer(502), read: true, write: false },
  { what: '503', outcome: answer(503), read: true, write: false },
  { what: '504', outcome: answer(504), read: true, write: false },
  { what: 'no connection', outcome: failure('refused', 'not-sent'), read: true, write: true },
  { what: 'a broken connection', outcome: failure('broken'), read: true, write: false },
  { what: 'a timeout', outcome: failure('timeout'), read: false, write: false },
  { what: 'a wrong certificate', outcome: failure('tls', 'not-sent'), read: false, write: false },
  { what: 'an abort', outcome: failure('aborted'), read: false, write: false },
  { what: 'an endless answer', outcome: failure('too-large'), read: false, write: false },
  { what: '200', outcome: answer(200), read: false, write: false },
  { what: '401', outcome: answer(401), read: false, write: false },
  { what: '409', outcome: answer(409), read: false, write: false },
  { what: '501', outcome: answer(501), read: false, write: false },
])('after $what: reads again $read, writes again $write', ({ outcome, read, write }) => {
  const repeats = (verb: Attempt['verb']): boolean =>
    retryDelayMs(anAttempt({ verb, outcome })) !== undefined;

  expect([repeats('get'), repeats('list')]).toEqual([read, read]);
  expect([repeats('create'), repeats('patch'), repeats('delete')]).toEqual([write, write, write]);
});

test('the wait doubles', () => {
  expect([1, 2, 3].map((tries) => retryDelayMs(anAttempt({ tries })))).toEqual([200, 400, 800]);
});

test('four tries are enough', () => {
  expect(retryDelayMs(anAttempt({ tries: 4 }))).toBeUndefined();
});

test.each([
  { random: 0, wait: 100 },
  { random: 1, wait: 300 },
])('jitter takes the wait from half to one and a half: $wait', ({ random, wait }) => {
  expect(retryDelayMs(anAttempt({ random }))).toBe(wait);
});

test.each([
  { what: 'is waited for', header: '3', wait: 3000 },
  { what: 'is no reason to hurry', header: '0', wait: 200 },
  { what: 'that is too long ends the tries', header: '6', wait: undefined },
  { what: 'that is no number of seconds counts as none', header: 'Wed, 21 Oct 2026 07:28:00 GMT', wait: 200 },
])('a Retry-After $what', ({ header, wait }) => {
  expect(retryDelayMs(anAttempt({ outcome: answer(429, { 'retry-after': header }) }))).toBe(wait);
});
