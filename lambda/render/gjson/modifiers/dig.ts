import type { Evaluation } from '../evaluation.ts';
import { MISSING, firstValue, kindOf } from '../raw-value.ts';
import { membersOf } from './members.ts';

/** `@dig`: what the path selects from the document and from everything in it, from the outside in. A list of what is still to be looked at, because a document may be nested deeper than calls can be. */
export function dug(document: string, path: string, { get }: Evaluation): string {
  const values: string[] = [];
  const rest = [firstValue(document)];
  for (let raw = rest.pop(); raw !== undefined; raw = rest.pop()) {
    const value = get(raw, path);
    if (value !== MISSING) values.push(value);
    const kind = kindOf(raw);
    if (kind !== 'object' && kind !== 'array') continue;
    for (const member of membersOf(raw).toReversed()) rest.push(member.value);
  }
  return `[${values.join(',')}]`;
}
