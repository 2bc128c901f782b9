/** Where a text in quotes ends within a path: the index of the closing quote, or the path's length. */
export function endOfQuotes(path: string, at: number): number {
  let next = at + 1;
  while (next < path.length && path[next] !== '"') next += path[next] === '\\' ? 2 : 1;
  return Math.min(next, path.length);
}
