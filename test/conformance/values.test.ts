import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { caseFiles } from './support/case-files.ts';
import { CaseFile } from './support/case-format.ts';
import type { Case } from './support/case-format.ts';
import { expectOutcome } from './support/expect-outcome.ts';
import { runCase } from './support/run-case.ts';
import type { Outcome } from './support/run-case.ts';
import { valuesOf } from './support/values-of.ts';

const FILES = caseFiles(join(import.meta.dirname, 'values'), CaseFile);

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
        expectOutcome(outcome, example.expect);
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
