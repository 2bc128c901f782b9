import { checkItemCount } from '../limits.ts';
import { any, fn1, fn1Rest, fn2, fnRest, int, walking } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { ANY_LIST, isTrue, list, nilList } from '../value.ts';
import type { GoList, Value } from '../value.ts';
import { toInt64 } from './cast.ts';
import { identityOf } from './identity.ts';
import { itemsOf } from './plain.ts';
import { under, withMust } from './names.ts';
import type { NamedFunctions } from './names.ts';

/** Sprig's lists (https://masterminds.github.io/sprig/lists.html). Each of them fails where its `must` twin does. */
export const listFunctions: NamedFunctions = [
  ...under(
    ['list', 'tuple'],
    fnRest(any, (values) => list(values)),
  ),
  ['concat', fnRest(any, concat)],
  ...withMust(
    'first',
    fn1(any, (value) => itemsOf(value).at(0) ?? null),
  ),
  ...withMust(
    'last',
    fn1(any, (value) => itemsOf(value).at(-1) ?? null),
  ),
  ...withMust(
    'rest',
    fn1(any, (value) => partOf(value, 1, undefined)),
  ),
  ...withMust(
    'initial',
    fn1(any, (value) => partOf(value, 0, -1)),
  ),
  ...withMust(
    'append',
    fn2(any, any, (value, item) => listOf([...itemsOf(value), item])),
  ),
  ...withMust(
    'push',
    fn2(any, any, (value, item) => listOf([...itemsOf(value), item])),
  ),
  ...withMust(
    'prepend',
    fn2(any, any, (value, item) => listOf([item, ...itemsOf(value)])),
  ),
  ...withMust(
    'reverse',
    fn1(any, (value) => list(itemsOf(value).toReversed())),
  ),
  ...withMust(
    'compact',
    fn1(any, (value) => list(itemsOf(value).filter(isTrue))),
  ),
  ...withMust('slice', fn1Rest(any, any, slice)),
  ...withMust('chunk', fn2(int, any, chunk)),
  ...withMust('uniq', walking(fn1(any, uniq))),
  ...withMust('without', walking(fn1Rest(any, any, without))),
  ...withMust('has', walking(fn2(any, any, has))),
];

function listOf(items: readonly Value[]): GoList {
  checkItemCount(items.length);
  return list(items);
}

/** Of nothing, there is no rest: nil. */
function partOf(value: Value, start: number, end: number | undefined): Value {
  const items = itemsOf(value);
  return items.length === 0 ? nilList() : list(items.slice(start, end));
}

function concat(values: readonly Value[]): Value {
  const items = values.flatMap(itemsOf);
  return items.length === 0 ? nilList() : listOf(items);
}

/** Keeps the type of the list. */
function slice(value: Value, bounds: readonly Value[]): Value {
  const items = itemsOf(value);
  if (items.length === 0) return null;
  const [start = 0, end = items.length] = bounds.map((bound) => Number(toInt64(bound)));
  if (start < 0 || end < start || end > items.length)
    throw new FunctionError('a bound lies outside of the list');
  if (typeof value === 'object' && value?.kind === 'bytes')
    return { ...value, value: value.value.slice(start, end) };
  return list(
    items.slice(start, end),
    typeof value === 'object' && value?.kind === 'list' ? value.type : ANY_LIST,
  );
}

/** Parts of `size` items, the last as long as what is left. */
function chunk(size: bigint, value: Value): Value {
  const items = itemsOf(value);
  if (size <= 0n) throw new FunctionError('the size is not positive');
  const width = Number(size);
  const count = Math.ceil(items.length / width);
  const chunks = Array.from({ length: count }, (_, index) =>
    list(items.slice(index * width, (index + 1) * width)),
  );
  return list(chunks, `[]${ANY_LIST}`);
}

function uniq(value: Value): Value {
  const seen = new Set<string>();
  return list(
    itemsOf(value).filter((item) => {
      const identity = identityOf(item);
      if (seen.has(identity)) return false;
      seen.add(identity);
      return true;
    }),
  );
}

function without(value: Value, omitted: readonly Value[]): Value {
  const omit = new Set(omitted.map(identityOf));
  return list(itemsOf(value).filter((item) => !omit.has(identityOf(item))));
}

function has(needle: Value, value: Value): Value {
  if (value === null) return false;
  const wanted = identityOf(needle);
  return itemsOf(value).some((item) => identityOf(item) === wanted);
}
