import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { caseFiles } from './support/case-files.ts';
import { ExpansionCaseFile } from './support/expansion-format.ts';
import { expectOutcome } from './support/expect-outcome.ts';
import { runExpansion } from './support/run-expansion.ts';

for (const { name, file } of caseFiles(join(import.meta.dirname, 'expansions'), ExpansionCaseFile)) {
  describe(name, () => {
    test.each(file.cases.map((example) => [example.title, example] as const))('%s', async (_, example) => {
      const found = await runExpansion(example);

      if ('error' in example.expect) {
        if (found.kind !== 'error') throw new Error('the file is not refused');
        expectOutcome(found, example.expect);
        return;
      }
      if (found.kind === 'error') throw new Error(`the file is refused: ${found.message}`);
      const { placed, refused } = example.expect;
      expect([...found.placed.keys()].toSorted()).toEqual(Object.keys(placed).toSorted());
      expect(found.refused).toEqual(refused);
      for (const [id, outcome] of found.placed) {
        const expected = placed[id];
        if (expected !== undefined) expectOutcome(outcome, expected);
      }
    });
  });
}
