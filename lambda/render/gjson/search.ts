import type { Evaluation } from './evaluation.ts';
import { gather } from './gather.ts';
import { unquote } from './json-string.ts';
import { arrayStep, objectStep } from './path-step.ts';
import type { Next, ObjectStep } from './path-step.ts';
import { MISSING } from './raw-value.ts';
import { elementsFrom, nextElement, nextKey, nextValue, valueAt } from './scan.ts';
import { matchesPattern } from './wildcard.ts';

/** What a search comes to: a value, and the path that goes on with it. */
export interface Found {
  readonly value: string;
  readonly pipe: string | undefined;
}

/** A search under way. The pipe is set where its component is read, whether or not that selects anything: `none|@keys` is `[]`. */
interface Search extends Evaluation {
  readonly document: string;
  value: string;
  pipe: string | undefined;
}

/** Where the search through a value ended, and whether it found what it looked for. */
interface Ended {
  readonly end: number;
  readonly isHit: boolean;
}

/**
 * Follows the components of a path up to the first pipe, in one pass through the document. What a component does not select is stepped over;
 * where the rest of the path selects nothing within what it does select, the search goes on behind that (`*.name` is a member of any member).
 */
export function search(evaluation: Evaluation, document: string, path: string): Found {
  const state: Search = { ...evaluation, document, value: MISSING, pipe: undefined };
  const start = document.search(/[[{]/u);
  if (path.startsWith('..')) searchArray(state, 0, path.slice(2));
  else if (start >= 0) searchInside(state, start, path);
  return state;
}

function searchInside(state: Search, open: number, path: string): Ended {
  const inside = state.document[open] === '{' ? searchObject : searchArray;
  return state.work.within(() => inside(state, open + 1, path));
}

function searchObject(state: Search, from: number, path: string): Ended {
  const { document } = state;
  const step = objectStep(path);
  enter(state, step.next, step.name.length);
  let key = nextKey(document, from);
  while (key.raw !== undefined) {
    const isSelected = selectsMember(state, step, unquote(key.raw));
    const ended = searchValue(state, nextValue(document, key.end), isSelected ? step.next : undefined);
    if (ended.isHit) return ended;
    key = nextKey(document, ended.end);
  }
  return { end: key.end, isHit: false };
}

function selectsMember(state: Search, { name, isPattern }: ObjectStep, key: string): boolean {
  return isPattern ? matchesPattern(key, name, state.work) : key === name;
}

function searchArray(state: Search, from: number, path: string): Ended {
  const { selects, next } = arrayStep(path);
  enter(state, next, path.length);
  switch (selects.kind) {
    case 'index':
      return searchElement(state, from, selects.index, next);
    case 'nothing':
      return searchElement(state, from, undefined, next);
    case 'count':
    case 'each':
    case 'query': {
      const elements = elementsFrom(state.document, from);
      const { isHit, value, pipe } = gather(state, selects, elements);
      if (isHit || state.value === MISSING) state.value = value;
      state.pipe = pipe ?? state.pipe;
      return { end: elements.end, isHit };
    }
  }
}

function searchElement(state: Search, from: number, wanted: number | undefined, next: Next): Ended {
  const { document } = state;
  let at = nextElement(document, from);
  for (let index = 0; at < document.length && document[at] !== ']'; index += 1) {
    const ended = searchValue(state, at, index === wanted ? next : undefined);
    if (ended.isHit) return ended;
    at = nextElement(document, ended.end);
  }
  return { end: at + 1, isHit: false };
}

/** Goes on inside of the value that begins at the index, takes it, or (without `next`) steps over it. */
function searchValue(state: Search, at: number, next: Next | undefined): Ended {
  const { document } = state;
  const opens = document[at] === '{' || document[at] === '[';
  if (next?.kind === 'dot' && opens) return searchInside(state, at, next.path);
  const value = valueAt(document, at);
  if (value === undefined) return { end: document.length + 1, isHit: false };
  const isHit = next !== undefined && next.kind !== 'dot';
  if (isHit) state.value = value.raw;
  return { end: value.end, isHit };
}

function enter(state: Search, next: Next, cost: number): void {
  state.work.spend(cost);
  if (next.kind === 'pipe') state.pipe = next.path;
}
