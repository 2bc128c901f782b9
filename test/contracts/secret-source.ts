import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { sourceId } from '../../lambda/model/declaration.ts';
import type { SourceRef } from '../../lambda/model/declaration.ts';
import { findId } from '../../lambda/model/source.ts';
import type { FindQuery, SecretSource, SourceResult } from '../../lambda/model/source.ts';

/** A store as a contract test sees it: what is put into it, and the source that reads it. */
export interface StoreUnderTest {
  readonly source: SecretSource;
  /** A name of the store for a word, such as `/word` where names are paths; each test has words of its own. */
  nameOf(word: string): string;
  /** Stores a value; a second one of a name becomes its newest version. */
  put(name: string, value: string): Promise<void>;
  tag(name: string, tags: Readonly<Record<string, string>>): Promise<void>;
  remove(name: string): Promise<void>;
}

/** One that can be made to refuse. */
export interface ThrottledStore extends StoreUnderTest {
  /** Makes the next read fail as if too many had been made, for longer than the client repeats it. */
  throttle(): void;
}

const STORE = 'store';
const signal = new AbortController().signal;

/** What the relay relies on in every SecretSource, whatever store it reads. */
export function describeSecretSource(kind: string, start: () => StoreUnderTest): void {
  const find = async (store: StoreUnderTest, query: Partial<FindQuery>): Promise<unknown> => {
    const result = await store.source.find({ store: STORE, tags: {}, ...query }, signal);
    return result.kind === 'found'
      ? result.values.map((value) => [value.ref.key, textOf({ kind: 'value', value })])
      : result.error.code;
  };

  describe(`the source of ${kind}`, () => {
    test('reads the value of a name, with the id and the date of its version', async () => {
      const store = start();
      const name = store.nameOf('one');
      await store.put(name, 'fake-one');

      const result = await read(store, refOf(name));

      expect(textOf(result)).toBe('fake-one');
      expect(result).toMatchObject({
        value: { ref: refOf(name), version: { id: expect.stringMatching(/./u), created: expect.any(Date) } },
      });
    });

    test('reads the newest version, which has another id and is not older', async () => {
      const store = start();
      const name = store.nameOf('newest');
      await store.put(name, 'fake-1');
      const before = versionOf(await read(store, refOf(name)));
      await store.put(name, 'fake-2');

      const result = await read(store, refOf(name));

      expect(textOf(result)).toBe('fake-2');
      expect(versionOf(result).id).not.toBe(before.id);
      expect(Number(versionOf(result).created)).toBeGreaterThanOrEqual(Number(before.created));
    });

    test('reads the same version under the same id again', async () => {
      const store = start();
      const name = store.nameOf('same');
      await store.put(name, 'fake-1');

      expect(versionOf(await read(store, refOf(name)))).toEqual(versionOf(await read(store, refOf(name))));
    });

    test('has an entry for each of many, and one that is missing fails none but itself', async () => {
      const store = start();
      const names = Array.from({ length: 23 }, (_, n) => store.nameOf(`many-${n}`));
      for (const name of names) await store.put(name, `fake-${name}`);
      const gone = refOf(store.nameOf('many-gone'));
      const refs = [...names.map((name) => refOf(name)), gone, refOf(names[0] ?? '')];

      const results = await store.source.read(refs, signal);

      expect(results.size).toBe(24);
      expect(names.map((name) => textOf(results.get(sourceId(refOf(name)))))).toEqual(
        names.map((name) => `fake-${name}`),
      );
      expect(results.get(sourceId(gone))).toMatchObject({ error: { code: 'SOURCE_NOT_FOUND' } });
    });

    test('says of what was removed that it is gone', async () => {
      const store = start();
      const name = store.nameOf('removed');
      await store.put(name, 'fake-1');
      await store.remove(name);

      expect(await read(store, refOf(name))).toMatchObject({
        error: { code: expect.stringMatching(/^SOURCE_(NOT_FOUND|DELETED)$/u), retryable: false },
      });
    });

    test('names what it could not read', async () => {
      const store = start();
      const ref = refOf(store.nameOf('absent'));

      const result = await read(store, ref);

      expect(result?.kind === 'failure' && result.error.message).toContain(ref.key);
    });

    test('reads tags as JSON, under a version that changes when they do', async () => {
      const store = start();
      const name = store.nameOf('tagged');
      const tags = refOf(name, { metadata: 'Fetch' });
      await store.put(name, 'fake-1');
      await store.tag(name, { team: 'shop', env: 'prod' });
      const before = await read(store, tags);
      await store.tag(name, { team: 'web' });

      const after = await read(store, tags);

      expect(textOf(before)).toBe('{"env":"prod","team":"shop"}');
      expect(textOf(after)).toBe('{"env":"prod","team":"web"}');
      expect(versionOf(after).id).not.toBe(versionOf(before).id);
    });

    test('finds by name, what its store admits, whole names in order', async () => {
      const store = start();
      for (const word of ['find/b', 'find/a', 'find/c', 'lost/a'])
        await store.put(store.nameOf(word), `fake-${word}`);
      const within = [`${store.nameOf('find/')}*`];

      expect(await find(store, { name: '[ab]$', within })).toEqual([
        [store.nameOf('find/a'), 'fake-find/a'],
        [store.nameOf('find/b'), 'fake-find/b'],
      ]);
    });

    test('finds under a path, and by tags', async () => {
      const store = start();
      for (const word of ['tree/x', 'tree/y', 'wood/x']) await store.put(store.nameOf(word), `fake-${word}`);
      await store.tag(store.nameOf('tree/x'), { kind: 'leaf' });
      await store.tag(store.nameOf('wood/x'), { kind: 'leaf' });
      const path = store.nameOf('tree/');

      expect(await find(store, { path, name: '.' })).toHaveLength(2);
      expect(await find(store, { path, tags: { kind: 'leaf' } })).toEqual([
        [store.nameOf('tree/x'), 'fake-tree/x'],
      ]);
    });

    test('finds nothing without failing, and refuses what is no expression', async () => {
      const store = start();

      expect(await find(store, { path: store.nameOf('void/'), name: '.' })).toEqual([]);
      expect(await find(store, { name: '(' })).toBe('DECLARATION_INVALID');
    });

    test('tells in a survey what a read would give, or nothing', async () => {
      const store = start();
      const refs = ['survey/a', 'survey/b'].map((word) => refOf(store.nameOf(word)));
      for (const { key } of refs) await store.put(key, 'fake-1');
      const query = { store: STORE, path: store.nameOf('survey/'), name: '.', tags: {} };
      const gone = refOf(store.nameOf('survey-gone'));

      const survey = await store.source.survey({ refs: [...refs, gone], queries: [query] }, signal);

      for (const ref of refs) {
        const told = survey.versions.get(sourceId(ref));
        expect([undefined, versionOf(await read(store, ref)).id]).toContain(told);
      }
      expect(survey.versions.has(sourceId(gone))).toBe(false);
      const members = survey.members.get(findId(query));
      if (members !== undefined) expect(members.map(({ key }) => key)).toEqual(refs.map(({ key }) => key));
    });

    test('ends with DEADLINE when it is given up, each in its own entry', async () => {
      const store = start();
      const refs = ['late-a', 'late-b'].map((word) => refOf(store.nameOf(word)));
      const controller = new AbortController();
      controller.abort();

      const results = await store.source.read(refs, controller.signal);

      for (const ref of refs)
        expect(results.get(sourceId(ref))).toMatchObject({ error: { code: 'DEADLINE' } });
    });

    test('shows no value to whoever prints an answer', async () => {
      const store = start();
      const name = store.nameOf('quiet');
      await store.put(name, 'canary-5f1c');

      const results = await store.source.read([refOf(name), refOf(store.nameOf('quiet-gone'))], signal);

      expect(inspect(results, { depth: 9 })).not.toContain('canary-5f1c');
      expect(JSON.stringify([...results])).not.toContain('canary-5f1c');
    });
  });
}

/** What the relay relies on in a source that can be asked too often. */
export function describeThrottledSource(kind: string, start: () => ThrottledStore): void {
  test(`the source of ${kind} says of a throttled read that it may pass later`, async () => {
    const store = start();
    const name = store.nameOf('throttled');
    await store.put(name, 'fake-1');
    store.throttle();

    expect(await read(store, refOf(name))).toMatchObject({
      error: { code: 'SOURCE_THROTTLED', retryable: true },
    });
  });
}

function refOf(name: string, more: Partial<SourceRef> = {}): SourceRef {
  return { store: STORE, key: name, version: 'AWSCURRENT', ...more };
}

async function read({ source }: StoreUnderTest, ref: SourceRef): Promise<SourceResult | undefined> {
  return (await source.read([ref], signal)).get(sourceId(ref));
}

function textOf(result: SourceResult | undefined): string | undefined {
  if (result?.kind !== 'value') return result?.error.code;
  const { payload } = result.value;
  return payload.kind === 'text' ? payload.text.reveal() : 'binary';
}

function versionOf(result: SourceResult | undefined) {
  if (result?.kind !== 'value') throw new Error(`no value: ${result?.error.code ?? 'no answer'}`);
  return result.value.version;
}
