import * as z from 'zod/mini';
import type { ErrorCode } from '../errors.ts';
import { describeFound, didYouMean, formatPath } from './problems.ts';
import type { Problem } from './problems.ts';
import type { YamlDocument } from './yaml-document.ts';

/** What a schema leaves to be said: fields that ESO or the design knows and the relay does not support yet, by path with `[]` for any index. */
export interface Vocabulary {
  readonly invalid: ErrorCode;
  readonly unsupported: ReadonlySet<string>;
  /** Every field that is known at any level, for "did you mean". */
  readonly known: readonly string[];
}

export type Checked<T> = { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** Parses a document by a schema; every mistake becomes a problem with its place. */
export function check<T>(schema: z.ZodMiniType<T>, document: YamlDocument, vocabulary: Vocabulary): Checked<T> {
  const result = schema.safeParse(document.value);
  if (result.success) return { kind: 'ok', value: result.data };
  return { kind: 'problems', problems: result.error.issues.flatMap((issue) => problemsOf(issue, document, vocabulary)) };
}

/** A problem at a path of a document. */
export function problemAt(document: YamlDocument, path: readonly PropertyKey[], problem: Pick<Problem, 'code' | 'found' | 'expected'>): Problem {
  return { ...problem, file: document.file, path: formatPath(path), ...document.locate(path) };
}

function problemsOf(issue: z.core.$ZodIssue, document: YamlDocument, vocabulary: Vocabulary): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, issue.path, document, vocabulary));
  if (issue.code === 'invalid_union') {
    const [first] = issue.errors.flat();
    if (first !== undefined) return problemsOf({ ...first, path: [...issue.path, ...first.path] }, document, vocabulary);
  }
  const found = describeFound(valueAt(document.value, issue.path));
  const unsupported = vocabulary.unsupported.has(pattern(issue.path)) && found !== 'nothing';
  const code = unsupported ? 'DECLARATION_UNSUPPORTED' : vocabulary.invalid;
  return [problemAt(document, issue.path, { code, found, expected: `${expectationOf(issue)}${unsupported ? ' (nothing else is supported yet)' : ''}` })];
}

function unknownKey(key: string, parent: readonly PropertyKey[], document: YamlDocument, { invalid, unsupported, known }: Vocabulary): Problem {
  const path = [...parent, key];
  if (unsupported.has(pattern(path))) {
    return problemAt(document, path, { code: 'DECLARATION_UNSUPPORTED', found: `${key}, which is not supported yet`, expected: 'a declaration without it' });
  }
  const meant = didYouMean(key, known);
  return problemAt(document, path, { code: invalid, found: `the unknown field ${key}`, expected: meant === undefined ? 'a field that exists' : `${meant}?` });
}

function expectationOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `a value of type ${issue.expected}`;
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ');
    case 'too_small':
      return `at least ${String(issue.minimum)}${issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' items' : ''}`;
    case 'too_big':
      return `at most ${String(issue.maximum)}${issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' items' : ''}`;
    case 'invalid_format':
    case 'custom':
      return issue.message;
    case 'invalid_key':
    case 'invalid_element':
    case 'invalid_union':
    case 'unrecognized_keys':
    case 'not_multiple_of':
      return issue.message;
  }
}

/** The path with `[]` for every index, as vocabularies have it. */
function pattern(path: readonly PropertyKey[]): string {
  return path.map((part) => (typeof part === 'number' ? '[]' : String(part))).join('.').replaceAll('.[]', '[]');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, part) => (typeof at === 'object' && at !== null ? new Map(Object.entries(at)).get(String(part)) : undefined), value);
}
