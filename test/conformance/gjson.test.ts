import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { get } from '../../lambda/render/gjson/get.ts';
import { MISSING, textOf } from '../../lambda/render/gjson/raw-value.ts';
import { fromGo, toGo } from '../../lambda/render/template/go-string.ts';

/** What gjson itself answered: see gjson/oracle/main.go, which writes the answers anew. */
const Answers = z.array(
  z.object({ document: z.string(), answers: z.array(z.tuple([z.string(), z.nullable(z.string())])) }),
);
const ANSWERS = Answers.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, 'gjson', 'answers.json'), 'utf8')),
);

function answerTo(document: string, path: string): string | null {
  const raw = get(toGo(document), toGo(path));
  return raw === MISSING ? null : fromGo(textOf(raw));
}

test.each(ANSWERS)('answers the paths of document %# as gjson does', ({ document, answers }) => {
  const ours = answers.map(([path]) => [path, answerTo(document, path)]);

  expect(ours).toEqual(answers);
});
