import type * as z from 'zod/mini';
import type { ErrorCode } from '../errors.ts';
import { didYouMean, formatPath, kindOfValue, quote } from './problems.ts';
import type { Problem } from './problems.ts';
import type { YamlDocument } from './yaml-document.ts';

/** What a schema leaves to be said about its documents. Paths have `[]` for any index. */
export interface Vocabulary {
  readonly invalid: ErrorCode;
  readonly unsupported: ErrorCode;
  /** Fields that are refused by name -> what to do instead. */
  readonly unsupportedFields: ReadonlyMap<string, string>;
  /** Where only some words are supported: the others that are known. */
  readonly unsupportedWords: ReadonlyMap<string, readonly string[]>;
  /** Beginnings of paths whose text is never shown: it may be meant for nobody. */
  readonly quiet: readonly string[];
}

export type Checked<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** Parses a document by a schema; every mistake becomes a problem with its place. */
export function check<T>(
  schema: z.ZodMiniType<T>,
  document: YamlDocument,
  vocabulary: Vocabulary,
): Checked<T> {
  const result = schema.safeParse(document.value);
  if (result.success) return { kind: 'ok', value: result.data };
  return {
    kind: 'problems',
    problems: result.error.issues.flatMap((issue) => problemsOf(issue, document, vocabulary)),
  };
}

/** A problem at a path of a document. */
export function problemAt(
  document: YamlDocument,
  path: readonly PropertyKey[],
  problem: Pick<Problem, 'code' | 'found' | 'expected'>,
): Problem {
  const written = document.written?.(path) ?? path;
  return { ...problem, file: document.file, path: formatPath(written), ...document.locate(path) };
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, document: YamlDocument, vocabulary: Vocabulary): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownField(key, issue, document, vocabulary));
  }
  const value = valueAt(document.value, issue.path);
  const later = isUnsupported(issue, value, vocabulary);
  const code = later ? vocabulary.unsupported : vocabulary.invalid;
  const found = issue.code === 'invalid_key' ? 'such a key' : foundOf(issue, value, vocabulary);
  const part = issue.code === 'invalid_key' ? 'key' : 'value';
  const expected =
    expectationOf(issue) + (later && !mentions(issue) ? ': nothing else is supported yet' : '');
  return [
    { ...problemAt(document, issue.path, { code, found, expected }), ...document.locate(issue.path, part) },
  ];
}

function unknownField(
  key: string,
  { path: parent, message }: Issue,
  document: YamlDocument,
  { invalid, unsupported, unsupportedFields }: Vocabulary,
): Problem {
  const path = [...parent, key];
  const place = document.locate(path, 'key');
  const instead = unsupportedFields.get(patternOf(path));
  if (instead !== undefined) {
    return {
      ...problemAt(document, path, { code: unsupported, found: key, expected: `no such field: ${instead}` }),
      ...place,
    };
  }
  const meant = didYouMean(key, message.split(', '));
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  const found = `the unknown field ${quote(key)}`;
  return {
    ...problemAt(document, path, { code: invalid, found, expected: `one of ${message}${hint}` }),
    ...place,
  };
}

/** A known word that is not supported yet, as opposed to a mistake. */
function isUnsupported(issue: Issue, value: unknown, { unsupportedWords }: Vocabulary): boolean {
  if (mentions(issue)) return true;
  const words = unsupportedWords.get(patternOf(issue.path)) ?? [];
  return issue.code === 'invalid_value' && words.includes(String(value));
}

function mentions({ message }: Issue): boolean {
  return message.includes('not supported yet');
}

/** The word where one of several words, or a word of a certain form, was expected; else its kind only. */
function foundOf({ code, path }: Issue, value: unknown, { quiet }: Vocabulary): string {
  const pattern = patternOf(path);
  if (quiet.some((beginning) => pattern.startsWith(beginning))) return kindOfValue(value);
  if ((code === 'too_small' || code === 'too_big') && typeof value === 'number') return String(value);
  const isWord =
    (code === 'invalid_value' || code === 'invalid_format') && typeof value === 'string' && value !== '';
  return isWord ? quote(value) : kindOfValue(value);
}

function expectationOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return `at least ${String(issue.minimum)}${issue.origin === 'array' ? ' item' : ''}`;
    case 'too_big':
      return `at most ${String(issue.maximum)}${issue.origin === 'array' ? ' items' : ''}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    case 'invalid_type':
      return issue.message === 'Invalid input' ? `a value of type ${issue.expected}` : issue.message;
    case 'invalid_format':
    case 'custom':
    case 'invalid_element':
    case 'invalid_union':
    case 'unrecognized_keys':
    case 'not_multiple_of':
      return issue.message;
  }
}

/** The path with `[]` for every index, as vocabularies have it. */
function patternOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? '[]' : String(part)))
    .join('.')
    .replaceAll('.[]', '[]');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      typeof at === 'object' && at !== null ? Object.getOwnPropertyDescriptor(at, part)?.value : undefined,
    value,
  );
}
