import { firstValue, kindOf } from '../raw-value.ts';
import { endOfString, nextValue, valueAt } from '../scan.ts';

/** A member of an object, or an element of an array, whose key is empty. */
export interface Member {
  readonly key: string;
  readonly value: string;
}

/** What an object or array holds, each as its text. Another value holds itself, and nothing holds nothing. */
export function membersOf(raw: string): readonly Member[] {
  const kind = kindOf(raw);
  if (kind === 'missing') return [];
  if (kind !== 'object' && kind !== 'array') return [{ key: '', value: raw }];
  const members: Member[] = [];
  let at = 1;
  while (at < raw.length) {
    const key = kind === 'object' ? keyFrom(raw, at) : { raw: '', end: at };
    const value = key === undefined ? undefined : valueAt(raw, nextValue(raw, key.end));
    if (key === undefined || value === undefined) break;
    members.push({ key: key.raw, value: value.raw });
    at = value.end + 1;
  }
  return members;
}

/** `@keys`: an array's have no names. */
export function keysOf(document: string): string {
  const whole = firstValue(document);
  const isObject = kindOf(whole) === 'object';
  return `[${membersOf(whole)
    .map(({ key }) => (isObject ? key : 'null'))
    .join(',')}]`;
}

/** `@values` */
export function valuesOf(document: string): string {
  const whole = firstValue(document);
  if (kindOf(whole) === 'array') return document;
  return `[${membersOf(whole)
    .map(({ value }) => value)
    .join(',')}]`;
}

/** `@reverse`: what is neither object nor array stays as it is. */
export function reversed(document: string): string {
  const whole = firstValue(document);
  const kind = kindOf(whole);
  const members = membersOf(whole).toReversed();
  if (kind === 'array') return `[${members.map(({ value }) => value).join(',')}]`;
  if (kind !== 'object') return document;
  return `{${members.map(({ key, value }) => `${key}:${value}`).join(',')}}`;
}

function keyFrom(raw: string, from: number): { readonly raw: string; readonly end: number } | undefined {
  const start = raw.indexOf('"', from);
  const end = start < 0 ? undefined : endOfString(raw, start);
  return end === undefined ? undefined : { raw: raw.slice(start, end), end };
}
