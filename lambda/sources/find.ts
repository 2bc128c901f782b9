import { RE2JS } from 're2js';
import { RelayError } from '../errors.ts';
import type { SourceRef } from '../model/declaration.ts';
import { sourceId } from '../model/declaration.ts';
import type { FindQuery, FindResult, SourceResults, SourceValue } from '../model/source.ts';
import { about, codeOf, plainName, toFailure } from './source-errors.ts';

/**
 * A find in two steps: names are listed and chosen first, so that nothing is read that the store may not read, and then all are read.
 * A secret that turns out to be scheduled for deletion is left out, as a list leaves it out; every other failure fails the whole.
 *
 * @param permission what listing needs, for the message where it is refused
 */
export async function findByName(
  query: FindQuery,
  permission: string,
  list: () => Promise<readonly string[]>,
  read: (refs: readonly SourceRef[]) => Promise<SourceResults>,
): Promise<FindResult> {
  const choose = chooserOf(query);
  if (choose instanceof RelayError) return { kind: 'failure', error: choose };
  let names: readonly string[];
  try {
    names = await list();
  } catch (thrown) {
    return { kind: 'failure', error: listError(query, permission, thrown) };
  }
  const refs = choose(names);
  return allOf(refs, await read(refs));
}

/** What is read of the names that a store listed, by name in order; the error of a pattern that is none. */
export function chooserOf(
  query: FindQuery,
): RelayError | ((names: readonly string[]) => readonly SourceRef[]) {
  const matches = matcherOf(query);
  if (matches instanceof RelayError) return matches;
  return (names) =>
    [...new Set(names)]
      .filter((name) => isWithin(query, name) && matches(name))
      .toSorted(byText)
      .map((key) => ({ store: query.store, key, version: 'AWSCURRENT' }));
}

function allOf(refs: readonly SourceRef[], results: SourceResults): FindResult {
  const values: SourceValue[] = [];
  for (const ref of refs) {
    const result = results.get(sourceId(ref));
    if (result?.kind === 'value') values.push(result.value);
    else if (result?.error.code !== 'SOURCE_DELETED') {
      const unread = new RelayError(
        'SOURCE_UNAVAILABLE',
        `${sourceId(ref)}: no answer; the relay tries again later`,
      );
      return { kind: 'failure', error: result?.error ?? unread };
    }
  }
  return { kind: 'found', values };
}

/** Go's regular expressions, as in ESO: linear in time whatever the pattern, and a match anywhere in the name counts. */
function matcherOf({ store, name }: FindQuery): RelayError | ((candidate: string) => boolean) {
  if (name === undefined) return () => true;
  try {
    const expression = RE2JS.compile(name);
    return (candidate) => expression.matcher(candidate).find();
  } catch {
    return new RelayError(
      'DECLARATION_INVALID',
      `${store}: find.name.regexp is not a regular expression in RE2’s syntax; correct it`,
    );
  }
}

/** Whether the store's patterns allow a name: the name itself, or its beginning and a `*`. */
function isWithin({ within }: FindQuery, name: string): boolean {
  return (
    within?.some((pattern) =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    ) ?? true
  );
}

function listError({ store }: FindQuery, permission: string, thrown: unknown): RelayError {
  if (thrown instanceof RelayError) return about(`${store}: the names for find could not be listed`, thrown);
  const failure = toFailure(thrown);
  const code = codeOf(failure);
  const advice =
    code === 'SOURCE_DENIED'
      ? `allow ${permission} in the role that reads`
      : 'check path, name and tags of find if it goes on';
  return new RelayError(
    code,
    `${store}: the names for find could not be listed; ${advice} (${plainName(failure)})`,
  );
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
