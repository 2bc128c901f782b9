import type { Work } from '../limits.ts';
import { firstValue, isOn, kindOf } from '../raw-value.ts';
import { trimmed } from '../scan.ts';
import { unwrapped } from './join.ts';
import { membersOf } from './members.ts';
import { optionsOf } from './options.ts';

/** `@flatten`: the elements of the arrays in an array in their place, with `deep` at all depths. */
export function flattened(document: string, argument: string, work: Work): string {
  const whole = firstValue(document);
  if (kindOf(whole) !== 'array') return document;
  return flat(whole, isOn(optionsOf(argument).get('deep') ?? ''), work);
}

function flat(array: string, isDeep: boolean, work: Work): string {
  work.spend(array.length);
  const parts = membersOf(array).map(({ value }) => {
    if (kindOf(value) !== 'array') return value;
    return unwrapped(isDeep ? work.within(() => flat(value, isDeep, work)) : value);
  });
  return `[${parts
    .map(trimmed)
    .filter((part) => part !== '')
    .join(',')}]`;
}
