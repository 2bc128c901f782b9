import { modifierOf } from './modifier-names.ts';
import { splitPipe } from './pipe.ts';
import type { PipedPath } from './pipe.ts';
import { parseQuery } from './query.ts';
import type { Query } from './query.ts';

/**
 * What comes after a component. A dot goes on inside of what the component selects, while it is searched; a pipe begins anew with the result.
 * A modifier or multipath after a dot is a pipe, too.
 */
export type Next =
  | { readonly kind: 'end' }
  | { readonly kind: 'dot'; readonly path: string }
  | { readonly kind: 'pipe'; readonly path: string };

/** The first component of a path as an object reads it: the name of a member, or a pattern of names. */
export interface ObjectStep {
  readonly name: string;
  readonly isPattern: boolean;
  readonly next: Next;
}

/** The first component of a path as an array reads it. What is neither an index nor one of those with `#` selects nothing. */
export interface ArrayStep {
  readonly selects:
    | { readonly kind: 'index'; readonly index: number }
    | { readonly kind: 'nothing' }
    | { readonly kind: 'count' }
    | { readonly kind: 'each'; readonly inner: PipedPath }
    | { readonly kind: 'query'; readonly query: Query; readonly inner: PipedPath | undefined };
  readonly next: Next;
}

const END: Next = { kind: 'end' };

/** A backslash takes a character's meaning away; but an escaped wildcard is one again beside one that is not escaped, because gjson reads it so. */
export function objectStep(path: string): ObjectStep {
  let name = '';
  let isPattern = false;
  let from = 0;
  for (let at = 0; at < path.length; at += 1) {
    const char = path[at];
    if (char === '\\') {
      name += path.slice(from, at);
      at += 1;
      from = at;
    } else if (char === '*' || char === '?') {
      isPattern = true;
    } else if (char === '.' || char === '|') {
      return { name: name + path.slice(from, at), isPattern, next: nextAfter(path, at) };
    }
  }
  return { name: name + path.slice(from), isPattern, next: END };
}

/** An array knows no backslash. Behind a `#`, a dot goes on inside of the elements, whatever follows it. */
export function arrayStep(path: string): ArrayStep {
  if (path.startsWith('#.')) return { selects: { kind: 'each', inner: splitPipe(path.slice(2)) }, next: END };
  const parsed = parseQuery(path);
  let at = parsed?.end ?? 0;
  while (at < path.length && path[at] !== '.' && path[at] !== '|') at += 1;
  const name = path.slice(0, at);
  const isInner = name.includes('#') && path[at] === '.';
  const next = isInner ? END : nextAfter(path, at);
  if (parsed !== undefined) {
    const inner = isInner ? splitPipe(path.slice(at + 1)) : undefined;
    return { selects: { kind: 'query', query: parsed.query, inner }, next };
  }
  if (name === '#') return { selects: { kind: 'count' }, next };
  if (/^\d+$/u.test(name)) return { selects: { kind: 'index', index: Number(name) }, next };
  return { selects: { kind: 'nothing' }, next };
}

function nextAfter(path: string, at: number): Next {
  if (at >= path.length) return END;
  const rest = path.slice(at + 1);
  const isPipe =
    path[at] === '|' || rest.startsWith('{') || rest.startsWith('[') || modifierOf(rest) !== undefined;
  return { kind: isPipe ? 'pipe' : 'dot', path: rest };
}
