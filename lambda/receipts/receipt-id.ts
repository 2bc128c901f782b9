import { createHash } from 'node:crypto';

/** Characters of a digest: enough for one that never meets another. */
const LENGTH = 32;

/** The id of a receipt, made of names, ids and times: whoever tells the same again tells it under the same id. */
export function receiptId(...parts: readonly (string | undefined)[]): string {
  const text = JSON.stringify(parts.map((part) => part ?? ''));
  return createHash('sha256').update(text).digest('hex').slice(0, LENGTH);
}
