import { describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import { sourceId } from '../../../lambda/model/declaration.ts';
import type { Declaration } from '../../../lambda/model/declaration.ts';
import type { Work } from '../../../lambda/relay/ports.ts';
import { sweep } from '../../../lambda/relay/sweep.ts';
import { aDeclaration, aForeignSecret, anItem, aRef, aText, aVersion } from '../../support/builders.ts';
import { fakePorts } from '../../support/fakes.ts';

const signal = new AbortController().signal;

function workOf(...declarations: readonly Declaration[]): readonly Work[] {
  return declarations.map((declaration) => ({ declaration, cluster: 'dev', expected: new Map() }));
}

/** A declaration of its own source, Secret and namespace. */
function numbered(n: number, namespace = 'shop'): Declaration {
  const name = `db-${n}`;
  return aDeclaration({
    namespace,
    name,
    data: [anItem('password', undefined, aRef(name))],
    target: { name },
  });
}

function portsWith(...declarations: readonly Declaration[]) {
  const ports = fakePorts();
  for (const { name } of declarations) ports.source.set(aRef(name), aText('fake', aRef(name)));
  return ports;
}

/** The survey tells these versions, by the number of the declaration. */
function survey(ports: ReturnType<typeof fakePorts>, versions: Readonly<Record<number, string>>): void {
  ports.source.surveyed = {
    versions: new Map(Object.entries(versions).map(([n, id]) => [sourceId(aRef(`db-${n}`)), id])),
    members: new Map(),
    failures: [],
  };
}

const CURRENT = aVersion(1).id;
const kinds = (outcomes: readonly { readonly kind: string }[]): readonly string[] =>
  outcomes.map(({ kind }) => kind);

test('where everything is in sync, no value is read and nothing is written', async () => {
  const declarations = [numbered(1), numbered(2, 'bank')];
  const ports = portsWith(...declarations);
  await sweep('dev', workOf(...declarations), ports, signal);
  const reads = ports.source.reads.length;
  const writes = ports.secrets.writes.length;
  survey(ports, { 1: CURRENT, 2: CURRENT });

  const swept = await sweep('dev', workOf(...declarations), ports, signal);

  expect(kinds(swept.outcomes)).toEqual(['kept', 'kept']);
  expect(ports.source.reads).toHaveLength(reads);
  expect(ports.secrets.writes).toHaveLength(writes);
});

test('only what the survey does not show to be in sync is read', async () => {
  const declarations = [numbered(1), numbered(2), numbered(3)];
  const ports = portsWith(...declarations);
  await sweep('dev', workOf(...declarations), ports, signal);
  survey(ports, { 1: CURRENT, 2: 'version-9' });

  await sweep('dev', workOf(...declarations), ports, signal);

  expect(ports.source.reads.at(-1)).toEqual(['aws:db-2', 'aws:db-3']);
});

test('a version that a survey tells is never written: what is read counts', async () => {
  const declaration = numbered(1);
  const ports = portsWith(declaration);
  await sweep('dev', workOf(declaration), ports, signal);
  survey(ports, { 1: 'version-that-a-lagging-list-tells' });

  const swept = await sweep('dev', workOf(declaration), ports, signal);

  expect(kinds(swept.outcomes)).toEqual(['kept']);
  expect(ports.secrets.writes).toEqual(['create dev/shop/db-1']);
});

test('the list serves as the first observation, made before any value is read', async () => {
  const declarations = [numbered(1), numbered(2)];
  const ports = portsWith(...declarations);
  const operations: string[] = [];
  ports.secrets.before = (operation) => void operations.push(operation);
  ports.source.before = () => void operations.push('read');

  await sweep('dev', workOf(...declarations), ports, signal);

  expect(operations).toEqual(['list', 'read', 'create', 'create']);
});

test('a Secret that changed after the list is looked at again before it is written', async () => {
  const declaration = numbered(1);
  const ports = portsWith(declaration);
  await sweep('dev', workOf(declaration), ports, signal);
  ports.source.set(aRef('db-1'), aText('fake-2', aRef('db-1'), aVersion(2)));
  const operations: string[] = [];
  let raced = false;
  ports.secrets.before = (operation, target) => {
    operations.push(operation);
    const held = ports.secrets.objects.get(target);
    if (operation !== 'apply' || raced || held === undefined) return;
    raced = true;
    ports.secrets.put(held.target, held.observed, held.data);
  };

  const swept = await sweep('dev', workOf(declaration), ports, signal);

  expect(kinds(swept.outcomes)).toEqual(['written']);
  expect(operations).toEqual(['list', 'hold', 'apply', 'observe', 'hold', 'apply']);
});

test('somebody else’s Secret, which no list of ours shows, is found when it is created, and refused', async () => {
  const declaration = numbered(1);
  const ports = portsWith(declaration);
  const target = { cluster: 'dev', namespace: 'shop', name: 'db-1' };
  ports.secrets.put(target, aForeignSecret(), {});
  ports.secrets.listManaged = () => Promise.resolve([]);

  const swept = await sweep('dev', workOf(declaration), ports, signal);

  expect(swept.outcomes).toMatchObject([{ kind: 'failed', error: { code: 'TARGET_NOT_OURS' } }]);
  expect(ports.secrets.writes).toEqual([]);
});

test('a Secret that is merged into is looked at alone', async () => {
  const declaration = aDeclaration({
    ...numbered(1),
    target: { name: 'db-1', creationPolicy: 'Merge' },
  });
  const ports = portsWith(declaration);
  const operations: string[] = [];
  ports.secrets.before = (operation) => void operations.push(operation);

  const swept = await sweep('dev', workOf(declaration), ports, signal);

  expect(swept.outcomes).toMatchObject([{ kind: 'skipped', reason: 'target-missing' }]);
  expect(operations).toEqual(['list', 'observe']);
});

test('a namespace that cannot be listed holds back no other, and nothing is done in it', async () => {
  const declarations = [numbered(1), numbered(2, 'bank')];
  const ports = portsWith(...declarations);
  ports.secrets.before = (operation, where) => {
    if (operation === 'list' && where === 'dev/bank') throw new RelayError('CLUSTER_FORBIDDEN', 'no');
  };

  const swept = await sweep('dev', workOf(...declarations), ports, signal);

  expect(swept.outcomes).toMatchObject([{ kind: 'written', target: { namespace: 'shop' } }]);
  expect([...swept.unlisted].map(([name, { code }]) => [name, code])).toEqual([
    ['bank', 'CLUSTER_FORBIDDEN'],
  ]);
  expect(ports.secrets.writes).toEqual(['create dev/shop/db-1']);
});

test('objects with templates of what is not there yet are read once, for the write', async () => {
  const declaration = numbered(1);
  const ports = portsWith(declaration);
  const { target } = declaration;
  const templated = aDeclaration({
    ...declaration,
    target: {
      ...target,
      template: {
        ...target.template,
        from: [
          {
            target: 'Data',
            kind: 'object',
            object: { kind: 'ConfigMap', name: 't' },
            key: 'k',
            as: 'Values',
          },
        ],
      },
    },
  });
  let reads = 0;
  ports.templates.read = () => {
    reads += 1;
    return Promise.resolve(new Map());
  };

  await sweep('dev', workOf(templated), ports, signal);

  expect(reads).toBe(1);
});

describe('of more than a portion', () => {
  const namespaces = ['a', 'b', 'c'];
  const many = namespaces.flatMap((namespace) =>
    Array.from({ length: 600 }, (_, n) => numbered(n, namespace)),
  );

  test('what is found first is written before the rest is listed, so that little is held at once', async () => {
    const ports = portsWith(...many);
    const operations: string[] = [];
    ports.secrets.before = (operation, where) =>
      void operations.push(operation === 'list' ? `list ${where}` : operation);

    const swept = await sweep('dev', workOf(...many), ports, signal);

    expect(swept.outcomes).toHaveLength(1800);
    expect(operations.filter((operation) => operation.startsWith('list'))).toEqual([
      'list dev/a',
      'list dev/b',
      'list dev/c',
    ]);
    expect(operations.indexOf('create')).toBeLessThan(operations.indexOf('list dev/c'));
  });

  test('the little that is to be read in each is read together', async () => {
    const ports = portsWith(...many);
    await sweep('dev', workOf(...many), ports, signal);
    const reads = ports.source.reads.length;
    survey(ports, Object.fromEntries(Array.from({ length: 599 }, (_, n) => [n, CURRENT])));

    await sweep('dev', workOf(...many), ports, signal);

    expect(ports.source.reads.slice(reads)).toEqual([['aws:db-599']]);
  });
});
