import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const path = fileURLToPath(new URL('../../docs/receipt.schema.json', import.meta.url));

/** The schema that consumers are given, as it is committed. */
const published = z.fromJSONSchema(
  z.record(z.string(), z.json()).parse(JSON.parse(readFileSync(path, 'utf8'))),
);

/** What a consumer who checks receipts finds wrong with one; undefined where nothing is. */
export function receiptProblems(detail: unknown): string | undefined {
  // As it travels: what is undefined is absent.
  const result = published.safeParse(JSON.parse(JSON.stringify(detail)));
  return result.success ? undefined : z.prettifyError(result.error);
}
