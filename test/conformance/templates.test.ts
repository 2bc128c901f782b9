import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { templateFunctions } from '../../lambda/render/template/functions/template-functions.ts';
import { fromGo, toGo } from '../../lambda/render/template/go-string.ts';
import { TemplateError } from '../../lambda/render/template/template-error.ts';
import { execute, parseTemplate } from '../../lambda/render/template/template.ts';
import { STRING_DICT, dict } from '../../lambda/render/template/value.ts';
import { templateFiles } from './support/template-cases.ts';
import type { Differs, Golden, TemplateCase } from './support/template-cases.ts';

const FOLDER = join(import.meta.dirname, 'templates');
const FILES = templateFiles(FOLDER);

/** What became of a template; text as a binary string. */
type Outcome = { readonly text: string } | { readonly stage: 'parse' | 'execute'; readonly message: string };

function rendered({ template, data }: TemplateCase): Outcome {
  try {
    const parsed = parseTemplate('t', toGo(template), templateFunctions);
    return { text: execute(parsed, dict(data, STRING_DICT)) };
  } catch (failure) {
    if (!(failure instanceof TemplateError)) throw failure;
    return { stage: failure.stage, message: failure.message };
  }
}

function goldenOutcome({ output, base64, error }: Golden): Outcome {
  if (error !== undefined) return error;
  return {
    text: base64 === undefined ? toGo(output ?? '') : Buffer.from(base64, 'base64').toString('latin1'),
  };
}

/** Where Go's message goes on with what was found, which ours never says: it may be a value. */
const SHOWS_VALUES = /(error calling \w+:|range can't iterate over|can't use) .*$/su;

function comparable(outcome: Outcome): Outcome {
  if (!('message' in outcome)) return outcome;
  return { ...outcome, message: outcome.message.replace(SHOWS_VALUES, '$1') };
}

function expectDifference(outcome: Outcome, golden: Outcome, differs: Differs): void {
  expect(comparable(outcome)).not.toEqual(comparable(golden));
  if ('output' in differs) expect(outcome).toEqual({ text: toGo(differs.output) });
  else expect('message' in outcome ? outcome.message : fromGo(outcome.text)).toContain(differs.error);
}

for (const { name, cases, stale } of FILES) {
  describe(name, () => {
    test.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
      const outcome = rendered(one);
      const golden = goldenOutcome(one.golden);

      if (one.differs === undefined) expect(comparable(outcome)).toEqual(comparable(golden));
      else expectDifference(outcome, golden, one.differs);
    });

    test('every case has a golden of its own, as it is now (else run `npm run goldens`)', () => {
      expect(stale).toEqual([]);
      expect(new Set(cases.map((one) => one.name)).size).toBe(cases.length);
    });
  });
}

test('every function that ESO offers is known, be it to be refused', () => {
  const offered: unknown = JSON.parse(readFileSync(join(FOLDER, 'goldens', 'functions.json'), 'utf8'));
  const names: readonly unknown[] = Array.isArray(offered) ? offered : [];
  const known: readonly unknown[] = [...templateFunctions.keys()];

  expect(names.length).toBeGreaterThan(200);
  expect(names.filter((name) => !known.includes(name))).toEqual([]);
});
