import { unquote } from '../json-string.ts';
import { firstValue, kindOf } from '../raw-value.ts';
import { membersOf } from './members.ts';

/** The members of a modifier's argument, each as its text. What is no object has none. */
export function optionsOf(argument: string): ReadonlyMap<string, string> {
  const whole = firstValue(argument);
  if (kindOf(whole) !== 'object') return new Map();
  return new Map(membersOf(whole).map(({ key, value }) => [unquote(key), value]));
}
