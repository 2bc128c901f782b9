import { MISSING, firstValue, kindOf } from '../raw-value.ts';
import { membersOf } from './members.ts';

/** `@group`: an object of arrays becomes an array of objects, the first with the first elements, and so on. */
export function grouped(document: string): string {
  const whole = firstValue(document);
  if (kindOf(whole) !== 'object') return MISSING;
  const rows: string[][] = [];
  for (const { key, value } of membersOf(whole)) {
    if (kindOf(value) !== 'array') continue;
    for (const [index, element] of membersOf(value).entries())
      (rows[index] ??= []).push(`${key}:${element.value}`);
  }
  return `[${rows.map((row) => `{${row.join(',')}}`).join(',')}]`;
}
