import type { ErrorCode } from '../errors.ts';

/** One mistake in one file, told so that an editor can jump to it. */
export interface Problem {
  readonly code: ErrorCode;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Such as `spec.data[0].secretKey`; empty for the document as a whole. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

/** `file:line:column: path: found X, expected Y`. */
export function formatProblem({ file, line, column, path, found, expected }: Problem): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}found ${found}, expected ${expected}`;
}

/** By file, then by place. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column));
}

/** `spec.data[0].secretKey` for `['spec', 'data', 0, 'secretKey']`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = /^[\w-]+$/u.test(String(part)) ? String(part) : JSON.stringify(String(part));
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** What stands there, short; for a long text or a whole object only its kind. */
export function describeFound(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `a text of ${text.length - 2} characters`;
}

/** The known word that was probably meant, or undefined. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }));
  const [best] = ranked.toSorted((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= 2 ? best.candidate : undefined;
}

/** Levenshtein's distance; names are short. */
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
