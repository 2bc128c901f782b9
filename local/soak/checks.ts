import type { Data } from './expected.ts';
import type { DeclaredSecret, SecretId } from './setting.ts';
import { OWN_KEY } from './setting.ts';

/** A Secret as a watch told of it at one time. */
export interface Sighting {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly data: Data;
  /** The field managers that own something of it. */
  readonly managers: readonly string[];
}

/** Sightings of each Secret, in order. */
export type Sightings = ReadonlyMap<SecretId, readonly Sighting[]>;

/** What people did by hand. */
export interface ByHand {
  /** What they wrote, in order, by Secret and key. */
  readonly typed: ReadonlyMap<SecretId, ReadonlyMap<string, readonly string[]>>;
  readonly deletions: ReadonlyMap<SecretId, number>;
}

/** Keys that do not hold what they should, and keys that should not be there. */
export function wrongSecrets(
  expected: ReadonlyMap<SecretId, Data>,
  sightings: ReadonlyMap<SecretId, Data | undefined>,
): readonly string[] {
  return [...expected].flatMap(([id, data]) => {
    const held = sightings.get(id);
    if (held === undefined) return [`${id} is not there`];
    const keys = new Set([...Object.keys(data), ...Object.keys(held)]);
    return [...keys]
      .filter((key) => data[key] !== held[key])
      .map((key) => `${id}: ${key} is ${held[key] ?? 'not there'}, not ${data[key] ?? 'absent'}`);
  });
}

/**
 * Values that came back. What a key held, one after another, must be found in this order among what was current at its source, one after another; a
 * value that was current twice, because of a rollback, may be held twice. What people wrote in between is passed over.
 */
export function backwardSteps(
  declared: ReadonlyMap<SecretId, DeclaredSecret>,
  values: ReadonlyMap<string, readonly string[]>,
  sightings: Sightings,
  byHand: ByHand,
): readonly string[] {
  return [...declared].flatMap(([id, { sources }]) =>
    sources.flatMap((source) => {
      const typed = new Set(byHand.typed.get(id)?.get(source) ?? []);
      const held = (sightings.get(id) ?? []).flatMap(({ data }) => data[source] ?? []);
      return disorder(
        held.filter((value) => !typed.has(value)),
        values.get(source) ?? [],
      ).map((why) => `${id}: ${source} ${why}`);
    }),
  );
}

function disorder(held: readonly string[], current: readonly string[]): readonly string[] {
  let reached = 0;
  for (const value of held) {
    const found = current.indexOf(value, reached);
    if (found < 0)
      return [
        current.includes(value)
          ? `went back to ${value} after ${current[reached] ?? 'nothing'}`
          : `was ${value}, which nobody wrote`,
      ];
    reached = found;
  }
  return [];
}

/** Secrets that nobody declared, and keys of people in those that are shared, of which something changed that they did not change. */
export function touched(
  others: readonly SecretId[],
  shared: readonly SecretId[],
  sightings: Sightings,
  byHand: ByHand,
): readonly string[] {
  const untouched = (id: SecretId): readonly string[] => {
    const seen = sightings.get(id) ?? [];
    const written = byHand.typed.get(id)?.get(OWN_KEY)?.length ?? 0;
    const versions = new Set(seen.map(({ resourceVersion }) => resourceVersion)).size;
    const strangers = seen.flatMap(({ managers }) => managers.filter((name) => name.startsWith('keyrelay')));
    return [
      ...(versions === written ? [] : [`${id} was written ${versions} times, by people ${written} times`]),
      ...(strangers.length === 0 ? [] : [`${id} has fields of ${[...new Set(strangers)].join(', ')}`]),
    ];
  };
  const ownKept = (id: SecretId): readonly string[] => {
    const held = (sightings.get(id) ?? []).map(({ data }) => data[OWN_KEY] ?? 'nothing');
    const distinct = held.filter((value, n) => value !== held[n - 1]);
    const typed = byHand.typed.get(id)?.get(OWN_KEY) ?? [];
    return distinct.join() === typed.join()
      ? []
      : [`${id}: ${OWN_KEY} was ${distinct.join(', ')}; people wrote ${typed.join(', ')}`];
  };
  return [...others.flatMap(untouched), ...shared.flatMap(ownKept)];
}

/** Secrets that were made more often than people had deleted them: somebody else did. */
export function deletedUnasked(sightings: Sightings, { deletions }: ByHand): readonly string[] {
  return [...sightings].flatMap(([id, seen]) => {
    const made = new Set(seen.map(({ uid }) => uid)).size;
    const deleted = deletions.get(id) ?? 0;
    return made <= deleted + 1
      ? []
      : [`${id} was made ${made} times, and people deleted it ${deleted} times`];
  });
}

/** Texts in which a value begins, as it is or in base64, at whichever of the three places of a group. */
export function leaks(emitted: ReadonlyMap<string, string>, canary: string): readonly string[] {
  const forms = ['', 'x', 'xx'].map((before) => {
    const encoded = Buffer.from(before + canary)
      .toString('base64')
      .replace(/=+$/u, '');
    // What is coded together with what stands before or after the value is left out.
    return encoded.slice(before === '' ? 0 : 4, -2);
  });
  return [...emitted].flatMap(([where, text]) =>
    [canary, ...forms].flatMap((form) => {
      const at = text.indexOf(form);
      return at < 0 ? [] : [`a value is in ${where}: ${text.slice(Math.max(0, at - 120), at + form.length)}`];
    }),
  );
}

/** So much more memory than after the first third is growth, and no accident of when the collector ran. */
const LARGEST_GROWTH = 1.5;

/** Functions whose peak of memory, in bytes, rose after the first third. */
export function grown(
  first: ReadonlyMap<string, number>,
  last: ReadonlyMap<string, number>,
): readonly string[] {
  return [...first].flatMap(([name, before]) => {
    const ratio = (last.get(name) ?? Number.NaN) / before;
    return ratio <= LARGEST_GROWTH ? [] : [`${name} holds ${ratio.toFixed(2)} times the memory of before`];
  });
}
