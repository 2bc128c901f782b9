/** Paths come from tenants: what answering one may take. */
export const LIMIT = {
  /** Characters of documents and paths to look at. The largest secret has 65,536, and most paths look at it once or twice. */
  characters: 8_000_000,
  /** Characters of any document on the way, which modifiers and multipaths can make grow: what a Secret holds. */
  document: 1_048_576,
  /** Components, multipaths, queries and documents within each other. */
  depth: 250,
} as const;

/** What looking at any document costs, however short it is. */
const DOCUMENT_COST = 32;

/** A path that takes more than it may. The message names the limit, never what was found. */
export class PathLimitError extends Error {
  override readonly name = 'PathLimitError';
}

/** What answering one path has taken so far. Every part of the evaluator reports what it does, before it does it. */
export interface Work {
  readonly spend: (characters: number) => void;
  /** Before a document is looked at from its beginning. */
  readonly read: (document: string, path: string) => void;
  /** Runs one level deeper. */
  readonly within: <T>(run: () => T) => T;
}

/** Counts from nothing. */
export function startWork(): Work {
  let characters = 0;
  let depth = 0;
  const spend = (count: number): void => {
    characters += count;
    if (characters > LIMIT.characters)
      throw new PathLimitError(`looks at more than ${LIMIT.characters} characters`);
  };
  const read = (document: string, path: string): void => {
    if (document.length > LIMIT.document)
      throw new PathLimitError(`makes a document of more than ${LIMIT.document} characters`);
    spend(document.length + path.length + DOCUMENT_COST);
  };
  const within = <T>(run: () => T): T => {
    if (depth >= LIMIT.depth) throw new PathLimitError(`nests more than ${LIMIT.depth} levels`);
    depth += 1;
    const result = run();
    depth -= 1;
    return result;
  };
  return { spend, read, within };
}
