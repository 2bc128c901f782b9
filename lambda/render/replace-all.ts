import type { RE2JS } from 're2js';
import { searchCost } from './search-cost.ts';

/** What limits a replacement; both throw where it is too much. */
export interface Bounds {
  readonly spend: (steps: number) => void;
  readonly checkLength: (length: number) => void;
}

type Groups = (name: string) => string | null;

/**
 * Replaces every match as Go's ReplaceAllString does (https://pkg.go.dev/regexp#Regexp.ReplaceAllString): `$1`, `${1}` and `${name}` stand for
 * groups, `$$` for `$`, and an empty match right after another match does not count.
 */
export function replaceAll(
  expression: RE2JS,
  text: string,
  replacement: string,
  { spend, checkLength }: Bounds,
): string {
  const cost = searchCost(expression, text);
  const matcher = expression.matcher(text);
  const names = expression.namedGroups();
  const group: Groups = (name) => {
    const index = indexOf(name, names);
    return index === undefined || index > matcher.groupCount() ? null : matcher.group(index);
  };
  let replaced = '';
  let copied = 0;
  let from = 0;
  while (from <= text.length && matcher.find(from)) {
    const [start, end] = [matcher.start(), matcher.end()];
    spend(cost(from, end));
    replaced += text.slice(copied, start);
    const room = replaced.length;
    if (end > copied || start === 0)
      replaced += expand(replacement, group, (length) => checkLength(room + length));
    copied = end;
    from = end > from ? end : from + widthAt(text, from);
  }
  return replaced + text.slice(copied);
}

/** Go's Expand: the longest word after `$` is the name, so that `$1x` is the group `1x`, which is not there. */
function expand(replacement: string, group: Groups, checkLength: Bounds['checkLength']): string {
  let length = replacement.length;
  checkLength(length);
  return replacement.replaceAll(
    /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu,
    (_whole, dollar?: string, braced?: string, bare?: string) => {
      const text = dollar ?? group(braced ?? bare ?? '') ?? '';
      length += text.length;
      checkLength(length);
      return text;
    },
  );
}

function indexOf(name: string, names: Readonly<Record<string, number>>): number | undefined {
  if (/^(?:0|[1-9]\d{0,8})$/u.test(name)) return Number(name);
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

/** A character beyond the first plane is two places wide. */
function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
