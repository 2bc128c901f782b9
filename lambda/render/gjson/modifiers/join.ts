import { unquote } from '../json-string.ts';
import { firstValue, isOn, kindOf } from '../raw-value.ts';
import { trimmed } from '../scan.ts';
import { membersOf } from './members.ts';
import { optionsOf } from './options.ts';

/** `@join`: the objects of an array as one. Of two members of one name the last value stays, in the first one's place; `preserve` keeps both. */
export function joined(document: string, argument: string): string {
  const whole = firstValue(document);
  if (kindOf(whole) !== 'array') return document;
  const objects = membersOf(whole)
    .map(({ value }) => value)
    .filter((value) => kindOf(value) === 'object');
  if (isOn(optionsOf(argument).get('preserve') ?? '')) return `{${objects.map(unwrapped).join(',')}}`;
  const members = new Map<string, { readonly key: string; readonly value: string }>();
  for (const { key, value } of objects.flatMap(membersOf)) {
    const name = unquote(key);
    members.set(name, { key: members.get(name)?.key ?? key, value });
  }
  return `{${[...members.values()].map(({ key, value }) => `${key}:${value}`).join(',')}}`;
}

/** An object or array without its brackets. */
export function unwrapped(raw: string): string {
  return trimmed(raw).slice(1, -1);
}
