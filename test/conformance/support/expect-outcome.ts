import { expect } from '@jest/globals';
import type { Case } from './case-format.ts';
import { shownLike } from './compared.ts';
import type { Outcome } from './run-case.ts';

/** Fails where the outcome is another than the case names. */
export function expectOutcome(outcome: Outcome, expected: Case['expect']): void {
  if ('secret' in expected) {
    if (outcome.kind !== 'secret') throw new Error(`there is no Secret: ${JSON.stringify(outcome)}`);
    expect(shownLike(outcome.secret, expected.secret)).toEqual(expected.secret);
  } else if ('error' in expected) {
    if (outcome.kind !== 'error') throw new Error(`there is no error: ${outcome.kind}`);
    const { code, words = [] } = expected.error;
    expect(outcome.codes).toContain(code);
    for (const word of words) expect(outcome.message).toContain(word);
  } else {
    expect(outcome.kind).toBe('empty');
  }
}
