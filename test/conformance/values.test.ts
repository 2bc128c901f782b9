import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { caseFiles } from './support/case-files.ts';
import type { Case } from './support/case-format.ts';
import { shownLike } from './support/compared.ts';
import { runCase } from './support/run-case.ts';
import type { Outcome } from './support/run-case.ts';
import { valuesOf } from './support/values-of.ts';

const FILES = caseFiles(join(import.meta.dirname, 'values'));

function expectOutcome(outcome: Outcome, { expect: expected }: Case): void {
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

function expectSilence(outcome: Outcome, { stored = [] }: Case): void {
  if (outcome.kind !== 'error') return;
  const betrayed = valuesOf(stored).filter((value) => outcome.message.includes(value));
  expect(betrayed).toEqual([]);
}

for (const { name, file } of FILES) {
  describe(name, () => {
    for (const example of file.cases) {
      const { title, defect } = example;
      const body = async (): Promise<void> => {
        const outcome = await runCase(example);
        expectSilence(outcome, example);
        expectOutcome(outcome, example);
      };
      if (defect === undefined) test(title, body);
      else test.failing(`known defect: ${title}: ${defect}`, body);
    }
  });
}

test('no two cases of a file have one title', () => {
  const repeated = FILES.flatMap(({ name, file }) => {
    const titles = file.cases.map(({ title }) => title);
    return titles
      .filter((title, index) => titles.indexOf(title) !== index)
      .map((title) => `${name}: ${title}`);
  });
  expect(repeated).toEqual([]);
});
