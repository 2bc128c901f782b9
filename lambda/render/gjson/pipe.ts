import { endOfQuotes } from './quotes.ts';
import { endOfBrackets, endOfString } from './scan.ts';

/** A path for each element of an array, and the one that goes on with all of the results. */
export interface PipedPath {
  readonly path: string;
  readonly pipe: string | undefined;
}

/** Splits what follows `#.` at its first pipe. A pipe within a query is the query's own; one within an object's multipath ends the search for others. */
export function splitPipe(path: string): PipedPath {
  const at = path.startsWith('{') ? pipeAfterBraces(path) : firstPipe(path);
  return at === undefined ? { path, pipe: undefined } : { path: path.slice(0, at), pipe: path.slice(at + 1) };
}

/** gjson looks for the closing brace only where no quoted name comes first. */
function pipeAfterBraces(path: string): number | undefined {
  const end = path[1] === '"' ? (endOfString(path, 1) ?? path.length) : endOfBrackets(path, 1);
  return path[end] === '|' ? end : undefined;
}

function firstPipe(path: string): number | undefined {
  for (let at = 0; at < path.length; at += 1) {
    const char = path[at];
    if (char === '\\') at += 1;
    else if (char === '|') return at;
    else if (char === '.' && path[at + 1] === '#') at = endOfQuery(path, at + 2);
  }
  return undefined;
}

/** The index of the bracket that closes the query, where one begins at the index; within it only its own kind of bracket counts. */
function endOfQuery(path: string, at: number): number {
  const open = path.charAt(at);
  if (open !== '(' && open !== '[') return at;
  const close = open === '(' ? ')' : ']';
  let depth = 1;
  for (let next = at + 1; next < path.length; next += 1) {
    const char = path[next];
    if (char === '\\') next += 1;
    else if (char === '"') next = endOfQuotes(path, next);
    else if (char === open) depth += 1;
    else if (char === close) depth -= 1;
    if (depth === 0) return next;
  }
  return path.length;
}
