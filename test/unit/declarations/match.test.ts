import { expect, test } from '@jest/globals';
import { matchesRef, selectDeclarations } from '../../../lambda/declarations/match.ts';
import type { SourceChange } from '../../../lambda/model/change.ts';
import type { CompiledConfig } from '../../../lambda/model/config.ts';
import type { Declaration } from '../../../lambda/model/declaration.ts';
import { NAMING } from '../../../lambda/model/naming.ts';
import { aDeclaration, aRef, anExtract, anItem } from '../../support/builders.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf';
const STORES = [
  { name: 'aws', service: 'SecretsManager', region: 'eu-west-1' },
  { name: 'us', service: 'SecretsManager', region: 'us-east-1' },
  { name: 'parameters', service: 'ParameterStore', region: 'eu-west-1' },
] as const;

function configOf(declarations: readonly Declaration[]): CompiledConfig {
  const garbageCollection = { maxShare: 0.2, minimum: 1, graceSeconds: 900 };
  return {
    formatVersion: 1,
    clusters: [],
    stores: STORES,
    settings: { garbageCollection, clusterConcurrency: 10 },
    declarations,
  };
}

/** A change as the event parser makes it: with every name that the event's id may stand for. */
function changeOf(id: string, changes: Partial<SourceChange> = {}): SourceChange {
  const time = new Date('2026-01-01T00:00:00Z');
  const rest = { eventId: 'e', time, region: 'eu-west-1', account: '111122223333', versionId: undefined };
  const { service = 'SecretsManager' } = changes;
  return { ...rest, service, kind: 'value', ids: NAMING[service].candidates(id), ...changes };
}

const matches = (key: string, change: SourceChange, store = 'aws'): boolean =>
  matchesRef(configOf([]), { ...aRef(key), store }, change);

test.each([
  ['a name', 'shop/db', 'its ARN', ARN, true],
  ['a name', 'shop/db', 'its name', 'shop/db', true],
  ['a full ARN', ARN, 'its ARN', ARN, true],
  ['a full ARN', ARN, 'its name', 'shop/db', true],
  ['a full ARN', ARN, 'its partial ARN', ARN.slice(0, -7), true],
  ['a partial ARN', ARN.slice(0, -7), 'its ARN', ARN, true],
  ['a partial ARN', ARN.slice(0, -7), 'its name', 'shop/db', true],
  ['a name that ends like a suffix', 'shop/db-AbCdEf', 'its ARN', `${ARN}-XyZ123`, true],
  ['a name that ends like a suffix', 'shop/db-AbCdEf', 'the ARN that looks like it', ARN, true],
  ['a name', 'shop/db', 'another name', 'shop/db2', false],
  ['a name', 'shop/db', 'the ARN of another', ARN.replace('shop/db', 'web/db'), false],
])('%s (%s) and an event with %s (%s): %s', (_key, key, _id, id, expected) => {
  expect(matches(key, changeOf(id))).toBe(expected);
});

test.each([
  ['a name in the region of its store', 'shop/db', 'aws', {}, true],
  ['a name in another region', 'shop/db', 'us', {}, false],
  ['a name in the region of another store', 'shop/db', 'us', { region: 'us-east-1' }, true],
  ['an ARN in another region', ARN, 'aws', { region: 'us-east-1' }, false],
  ['an ARN in another account', ARN, 'aws', { account: '444455556666' }, false],
  ['a name in any account', 'shop/db', 'aws', { account: '444455556666' }, true],
  ['a store that is not there', 'shop/db', 'gone', {}, false],
])('%s matches: %s', (_what, key, store, changes, expected) => {
  expect(matches(key, changeOf(ARN, changes), store)).toBe(expected);
});

const PARAMETER = 'arn:aws:ssm:eu-west-1:111122223333:parameter/shop/db';
/** As the parser reads Parameter Store's event: by the ARN and the name. */
const ofParameter = (name: string, changes: Partial<SourceChange> = {}): SourceChange => {
  const arn = PARAMETER.replace('/shop/db', name.startsWith('/') ? name : `/${name}`);
  const ids = [arn, name].flatMap(NAMING.ParameterStore.candidates);
  return changeOf(name, { service: 'ParameterStore', ids, ...changes });
};

test.each([
  ['its name', '/shop/db', ofParameter('/shop/db'), true],
  ['its ARN', PARAMETER, ofParameter('/shop/db'), true],
  ['the name of one level, with a slash that the event does not have', '/db', ofParameter('db'), true],
  ['the name of one level, without the slash that the event has', 'db', ofParameter('/db'), true],
  ['the ARN of one level', PARAMETER.replace('/shop/db', '/db'), ofParameter('db'), true],
  ['another name', '/shop/db2', ofParameter('/shop/db'), false],
  ['the path above', '/shop', ofParameter('/shop/db'), false],
  ['its ARN in another account', PARAMETER, ofParameter('/shop/db', { account: '444455556666' }), false],
  ['its name in another region', '/shop/db', ofParameter('/shop/db', { region: 'us-east-1' }), false],
  ['the name of a secret that changed', '/shop/db', changeOf('/shop/db'), false],
])('a parameter is matched by %s (%s): %#', (_what, key, change, expected) => {
  expect(matches(key, change, 'parameters')).toBe(expected);
});

test('a secret is not matched by the event of a parameter of its name', () => {
  expect(matches('/shop/db', ofParameter('/shop/db'))).toBe(false);
});

test.each([
  ['AWSCURRENT', false],
  ['7', false],
  ['blue', true],
])('a label that moves concerns whoever names a label, and version %s: %s', (version, expected) => {
  const ref = { store: 'parameters', key: '/shop/db', version };
  const declaration = aDeclaration({ data: [anItem('a', undefined, ref)] });

  const selected = selectDeclarations(configOf([declaration]), ofParameter('/shop/db', { kind: 'label' }));

  expect(selected).toEqual(expected ? [declaration] : []);
});

test.each([
  ['under the path', { path: '/shop', name: 'db$' }, {}, true],
  ['under the root', { path: '/', name: '^/shop' }, {}, true],
  ['elsewhere', { path: '/web', name: 'db$' }, {}, false],
  ['by tags, of which the event says nothing', { tags: { team: 'a' } }, {}, true],
  ['when only a label moved', { name: 'db$' }, { kind: 'label' }, false],
  ['in another region', { name: 'db$' }, { region: 'us-east-1' }, false],
  ['when a secret of such a name changed', { name: 'db$' }, { service: 'SecretsManager' }, false],
] as const)('a find of parameters is selected %s: %#', (_what, query, changes, expected) => {
  const item = { kind: 'find', query: { store: 'parameters', tags: {}, ...query } } as const;
  const declaration = aDeclaration({ data: [], dataFrom: [item] });

  expect(selectDeclarations(configOf([declaration]), ofParameter('/shop/db', changes))).toEqual(
    expected ? [declaration] : [],
  );
});

test('every declaration with such a reference is selected, once', () => {
  const both = aDeclaration({
    name: 'both',
    data: [anItem('a', 'p'), anItem('b', 'q')],
    dataFrom: [anExtract('r')],
  });
  const byArn = aDeclaration({ name: 'by-arn', data: [anItem('a', undefined, aRef(ARN))] });
  const stage = aDeclaration({
    name: 'stage',
    data: [anItem('a', undefined, aRef('shop/db', 'AWSPREVIOUS'))],
  });
  const other = aDeclaration({ name: 'other', data: [anItem('a', undefined, aRef('web/db'))] });

  const selected = selectDeclarations(configOf([both, other, byArn, stage]), changeOf(ARN));

  expect(selected.map(({ name }) => name).toSorted()).toEqual(['both', 'by-arn', 'stage']);
});

test('a key that reads like a member of every object selects nothing by accident', () => {
  expect(selectDeclarations(configOf([aDeclaration()]), changeOf('constructor'))).toEqual([]);
});

test('one event among ten thousand declarations looks at those that share its secret', () => {
  const declarations = Array.from({ length: 10_000 }, (_, index) =>
    aDeclaration({ name: `d${index}`, data: [anItem('a', undefined, aRef(`secret-${index % 5_000}`))] }),
  );

  const selected = selectDeclarations(configOf(declarations), changeOf('secret-17'));

  expect(selected.map(({ name }) => name)).toEqual(['d17', 'd5017']);
});

test.each([
  ['a name that the expression matches', { name: '^shop/' }, {}, true],
  ['a name that it does not match', { name: '^web/' }, {}, false],
  ['a name under the path', { path: 'shop/', name: 'db$' }, {}, true],
  ['a name elsewhere', { path: 'web/', name: 'db$' }, {}, false],
  ['tags, of which the event says nothing', { tags: { team: 'a' } }, {}, true],
  ['another region', { name: '^shop/' }, { region: 'us-east-1' }, false],
])('a find is selected by %s: %#', (_what, query, changes, expected) => {
  const item = { kind: 'find', query: { store: 'aws', tags: {}, ...query } } as const;
  const declaration = aDeclaration({ data: [], dataFrom: [item] });

  expect(selectDeclarations(configOf([declaration]), changeOf(ARN, changes))).toEqual(
    expected ? [declaration] : [],
  );
});
