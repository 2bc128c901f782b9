import type { ErrorCode } from '../errors.ts';

/** One mistake in one file, told so that an editor can jump to it. */
export interface Problem {
  readonly code: ErrorCode;
  readonly file: string;
  /** From 1; 0 where it has none, as an object of a cluster. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Such as `spec.data[0].secretKey`; empty for the document as a whole. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

const MAX_QUOTED = 60;

/** `file:line:column: path: found X, expected Y`. */
export function formatProblem({ path, found, expected, ...place }: Problem): string {
  return `${formatPlace(place)}: ${path === '' ? '' : `${path}: `}found ${found}, expected ${expected}`;
}

/** `file:line:column`, or the name alone of what has no lines. */
export function formatPlace({ file, line, column }: Pick<Problem, 'file' | 'line' | 'column'>): string {
  return line === 0 ? file : `${file}:${line}:${column}`;
}

/** So many problems are named where there is little room. */
const MAX_DESCRIBED = 10;

/** What is wrong with one object of a cluster, where it need not be said which and where. */
export function describeProblems(problems: readonly Problem[]): string {
  const described = problems.map(
    ({ code, path, found, expected }) =>
      `${code}: ${path === '' ? '' : `${path}: `}found ${found}, expected ${expected}`,
  );
  const more = described.length - MAX_DESCRIBED;
  return [...described.slice(0, MAX_DESCRIBED), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** By file, then by place; what two rules found to be wrong is told once. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const distinct = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return [...distinct.values()].sort((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column,
  );
}

/** `spec.data[0].secretKey` for `['spec', 'data', 0, 'secretKey']`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((all, part) => {
    if (typeof part === 'number') return `${all}[${part}]`;
    const name = String(part);
    if (!/^[\w-]{1,60}$/u.test(name)) return `${all}[${quote(name)}]`;
    return all === '' ? name : `${all}.${name}`;
  }, '');
}

/** A word in quotes, cut where it is long; control characters are escaped, so that a message stays on its line. */
export function quote(word: string): string {
  return JSON.stringify(word.length <= MAX_QUOTED ? word : `${word.slice(0, MAX_QUOTED)}…`);
}

/** What stands there: only its kind, because a manifest may hold what is not for logs. */
export function kindOfValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'boolean') return `the boolean ${value}`;
  return value === '' ? 'an empty text' : `a ${typeof value === 'string' ? 'text' : typeof value}`;
}

/** The known word that was probably meant, or undefined. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const near = known.map((candidate) => ({
    candidate,
    distance: distance(word.toLowerCase(), candidate.toLowerCase()),
  }));
  const [best] = near.toSorted((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.max(1, best.candidate.length / 3)
    ? best.candidate
    : undefined;
}

/** Levenshtein's distance; what is longer than any name is not compared in full. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= Math.min(a.length, 100); i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution);
    }
    row = next;
  }
  return row[b.length] ?? a.length;
}
