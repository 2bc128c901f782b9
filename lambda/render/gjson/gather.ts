import { answers } from './comparison.ts';
import type { Evaluation } from './evaluation.ts';
import type { ArrayStep } from './path-step.ts';
import type { PipedPath } from './pipe.ts';
import type { Query } from './query.ts';
import { MISSING, kindOf } from './raw-value.ts';
import type { Elements } from './scan.ts';

/** A component that looks at all elements of an array. */
type Gathering = Extract<ArrayStep['selects'], { kind: 'count' | 'each' | 'query' }>;

/** What it makes of them. Without a hit the search goes on, and the value is only taken where nothing else is found. */
export interface Gathered {
  readonly isHit: boolean;
  readonly value: string;
  readonly pipe: string | undefined;
}

const NOTHING: Gathered = { isHit: false, value: MISSING, pipe: undefined };

/** `#` counts the elements, `#.PATH` takes the path's result of each that has one, and `#(...)` asks them. */
export function gather(evaluation: Evaluation, selects: Gathering, elements: Elements): Gathered {
  switch (selects.kind) {
    case 'count':
      return elements.isCut ? NOTHING : { isHit: true, value: String(elements.raws.length), pipe: undefined };
    case 'each':
      return elements.isCut ? NOTHING : ofEach(evaluation, selects.inner, elements.raws);
    case 'query':
      return selects.query.all
        ? allThatAnswer(evaluation, selects, elements)
        : firstThatAnswers(evaluation, selects, elements);
  }
}

function ofEach({ get }: Evaluation, inner: PipedPath, raws: readonly string[]): Gathered {
  const values = raws.map((raw) => get(raw, inner.path)).filter((value) => value !== MISSING);
  return { isHit: true, value: `[${values.join(',')}]`, pipe: inner.pipe };
}

interface Asking {
  readonly query: Query;
  readonly inner: PipedPath | undefined;
}

/** Even where none answers there is an array, but then the path behind the query is not followed. */
function allThatAnswer(evaluation: Evaluation, { query, inner }: Asking, elements: Elements): Gathered {
  const answering = elements.raws.filter((raw) => isAnswer(evaluation, query, raw));
  const pipe = answering.length > 0 ? inner?.pipe : undefined;
  if (elements.isCut) return { ...NOTHING, pipe };
  const values = answering.map((raw) => innerOf(evaluation, inner, raw)).filter((value) => value !== MISSING);
  return { isHit: false, value: `[${values.join(',')}]`, pipe };
}

function firstThatAnswers(evaluation: Evaluation, { query, inner }: Asking, { raws }: Elements): Gathered {
  const first = raws.find((raw) => isAnswer(evaluation, query, raw));
  if (first === undefined) return NOTHING;
  return { isHit: true, value: innerOf(evaluation, inner, first), pipe: inner?.pipe };
}

function isAnswer({ get, work }: Evaluation, query: Query, raw: string): boolean {
  work.spend(query.value.length);
  const kind = kindOf(raw);
  if (kind === 'object' || kind === 'array') return answers(query, get(raw, query.path), work);
  return query.path === '' && answers(query, raw, work);
}

function innerOf({ get }: Evaluation, inner: PipedPath | undefined, raw: string): string {
  return inner === undefined ? raw : get(raw, inner.path);
}
