import { describe, expect, test } from '@jest/globals';
import { ANSWERING, admit, afterRequest } from '../../../lambda/cluster/silence.ts';
import type { SilenceState } from '../../../lambda/cluster/silence.ts';

/** A request that began at one second and was not answered until another. */
const silent = (state: SilenceState, began: number, now: number): SilenceState =>
  afterRequest(state, { sign: 'silent', began: began * 1000, now: now * 1000 });
const answered = (state: SilenceState, now: number): SilenceState =>
  afterRequest(state, { sign: 'answered', began: 0, now: now * 1000 });
/** The state after a request is let through. */
const sent = (state: SilenceState, at: number): SilenceState => {
  const admission = admit(state, at * 1000);
  if (admission.kind === 'refused') throw new Error('refused');
  return admission.state;
};
/** How long a request has to wait, in seconds; 0 where it is sent. */
const waits = (state: SilenceState, at: number): number => {
  const admission = admit(state, at * 1000);
  return admission.kind === 'sent' ? 0 : admission.waitMs / 1000;
};

const quiet = silent(ANSWERING, 100, 110);

describe('a server', () => {
  test('that answers is asked', () => {
    expect(waits(answered(ANSWERING, 1), 1)).toBe(0);
  });

  test('that was silent just now is left alone', () => {
    expect([110, 112, 115].map((at) => waits(quiet, at))).toEqual([5, 3, 0]);
  });

  test('that was silent is asked by one request, for which the others wait', () => {
    expect(waits(sent(quiet, 116), 116)).toBe(5);
  });

  test('that answers again is asked as before', () => {
    expect(waits(answered(sent(quiet, 116), 117), 117)).toBe(0);
  });

  test('that is found silent again and again is left alone for longer, up to half a minute', () => {
    let state = quiet;
    const rests: number[] = [];
    for (let at = 200; at < 1000; at += 100) {
      state = silent(sent(state, at), at, at + 10);
      rests.push(waits(state, at + 10));
    }

    expect(rests).toEqual([10, 20, 30, 30, 30, 30, 30, 30]);
  });

  test('is asked by another request when the one that found out came to nothing', () => {
    const after = afterRequest(sent(quiet, 116), { sign: 'unknown', began: 116_000, now: 117_000 });

    expect(waits(after, 117)).toBe(0);
  });
});

test('one slow request among others that are answered says nothing of the server', () => {
  expect(waits(silent(answered(ANSWERING, 105), 100, 110), 110)).toBe(0);
});

test('many requests that were silent together count as one', () => {
  expect(waits(silent(silent(quiet, 101, 111), 102, 112), 112)).toBe(3);
});

test('what says nothing of a server that answers changes nothing', () => {
  expect(afterRequest(ANSWERING, { sign: 'unknown', began: 1, now: 2 })).toEqual(ANSWERING);
});
