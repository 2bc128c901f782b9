import { textOf } from '../format.ts';
import { checkItemCount, checkTextLength } from '../limits.ts';
import { quote } from '../quote.ts';
import { any, fn1, fn2, fn3, fnRest, int, string } from '../signature.ts';
import { explode } from '../unicode.ts';
import { STRING_DICT, STRING_LIST, dict, list } from '../value.ts';
import type { GoList, Spend, Value } from '../value.ts';
import { itemsIn, plain, textsOf } from './plain.ts';
import type { NamedFunctions } from './names.ts';

/** Sprig's functions between values, lists and texts (https://masterminds.github.io/sprig/string_slice.html). */
export const joiningFunctions: NamedFunctions = [
  ['toString', fn1(any, plain)],
  ['toStrings', fn1(any, (value, spend) => strings(textsOf(value), spend))],
  ['quote', fnRest(any, (values) => joined(values, (value) => quote(plain(value))))],
  ['squote', fnRest(any, (values) => joined(values, (value) => `'${textOf(value)}'`))],
  ['cat', fnRest(any, (values) => joined(values, textOf))],
  ['join', fn2(string, any, (separator, value) => glued(textsOf(value), separator))],
  ['sortAlpha', fn1(any, sortAlpha)],
  ['splitList', fn2(string, string, (separator, text, spend) => strings(split(text, separator), spend))],
  ['split', fn2(string, string, (separator, text, spend) => numbered(split(text, separator), spend))],
  [
    'splitn',
    fn3(string, int, string, (separator, count, text, spend) =>
      numbered(splitN(text, separator, count), spend),
    ),
  ],
];

/** Nil is left out. */
function joined(values: readonly Value[], shown: (value: Value) => string): string {
  let length = 0;
  const texts = values
    .filter((value) => value !== null)
    .map((value) => {
      const text = shown(value);
      length += text.length + 1;
      checkTextLength(length - 1);
      return text;
    });
  return texts.join(' ');
}

function glued(texts: readonly string[], separator: string): string {
  checkTextLength(texts.reduce((sum, text) => sum + text.length, separator.length * (texts.length - 1)));
  return texts.join(separator);
}

/** By bytes. What is no list is a list of one. */
function sortAlpha(value: Value, spend: Spend): Value {
  return strings(itemsIn(value) === undefined ? [plain(value)] : textsOf(value).toSorted(), spend);
}

/** Each of them is paid for: a template may keep them all. */
function strings(texts: readonly string[], spend: Spend): GoList {
  checkItemCount(texts.length);
  spend(texts.length);
  return list(texts, STRING_LIST);
}

/** `_0`, `_1`, ... */
function numbered(texts: readonly string[], spend: Spend): Value {
  checkItemCount(texts.length);
  spend(texts.length);
  return dict(
    texts.map((text, index) => [`_${index}`, text]),
    STRING_DICT,
  );
}

/** strings.Split: at "" into code points. */
function split(text: string, separator: string): readonly string[] {
  return separator === '' ? explode(text) : text.split(separator);
}

/** strings.SplitN: at most so many parts, of which the last is all the rest; none for 0, all for less. */
function splitN(text: string, separator: string, count: bigint): readonly string[] {
  const parts = split(text, separator);
  if (count < 0n || BigInt(parts.length) <= count) return parts;
  const kept = parts.slice(0, Math.max(Number(count) - 1, 0));
  return count === 0n ? [] : [...kept, parts.slice(kept.length).join(separator)];
}
