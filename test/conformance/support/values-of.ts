import type { Stored } from './case-format.ts';

/** Shorter ones occur in any sentence by chance. */
const MIN_LENGTH = 6;

/** Every value that a message could betray: the texts as a whole, what JSON in them holds, and binary values as base64. */
export function valuesOf(stored: readonly Stored[]): readonly string[] {
  const all = stored.flatMap(({ text, base64 }) => [
    ...(text === undefined ? [] : [text, ...leavesOf(jsonOf(text))]),
    ...(base64 === undefined ? [] : [base64, Buffer.from(base64, 'base64').toString()]),
  ]);
  return all.filter((value) => value.length >= MIN_LENGTH);
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** A list of what is still to be looked at, because a document may be nested deeper than calls can be. */
function leavesOf(document: unknown): readonly string[] {
  const leaves: string[] = [];
  const rest: unknown[] = [document];
  for (let value = rest.pop(); value !== undefined || rest.length > 0; value = rest.pop()) {
    if (typeof value === 'string' || typeof value === 'number') leaves.push(String(value));
    else if (typeof value === 'object' && value !== null)
      for (const member of Object.values(value)) rest.push(member);
  }
  return leaves;
}
