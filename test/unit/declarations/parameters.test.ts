import { expect, test } from '@jest/globals';
import { CONFIG, MANIFEST, declared, edit, problems } from './sources.ts';

const STORE = edit(CONFIG, 'SecretsManager', 'ParameterStore');
const ARN = 'arn:aws:ssm:eu-west-1:111122223333:parameter/prod/db';
const manifest = (ref: string): string => edit(MANIFEST, 'key: prod/db', ref);

test.each([
  ['a name with levels', 'key: /prod/db', { key: '/prod/db', version: 'AWSCURRENT' }],
  ['a name of one level', 'key: db.main-1_a', { key: 'db.main-1_a', version: 'AWSCURRENT' }],
  ['an ARN', `key: "${ARN}"`, { key: ARN, version: 'AWSCURRENT' }],
  ['the number of a version', 'key: /prod/db, version: "12"', { key: '/prod/db', version: '12' }],
  ['a label', 'key: /prod/db, version: blue.1', { key: '/prod/db', version: 'blue.1' }],
  [
    'the newest version by its default name',
    'key: db, version: AWSCURRENT',
    { key: 'db', version: 'AWSCURRENT' },
  ],
])('a reference to a parameter may have %s', (_what, ref, expected) => {
  expect(declared(manifest(ref), STORE).data[0]?.ref).toEqual({ store: 'aws', ...expected });
});

test.each([
  [
    'levels without a slash before them',
    'key: prod/db',
    'key: found "prod/db", expected the ARN or name of a parameter',
  ],
  ['a version behind a colon', 'key: "/prod/db:3"', 'its version belongs into version'],
  [
    'the ARN of a secret',
    'key: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"',
    'expected the ARN or name of a parameter',
  ],
  ['an ARN of another region', `key: "${ARN.replace('eu', 'us')}"`, 'found a secret of us-west-1'],
  [
    'a stage of Secrets Manager',
    'key: db, version: AWSPREVIOUS',
    'found "AWSPREVIOUS", expected the number of a version, or a label',
  ],
  [
    'the id of a version',
    'key: db, version: uuid/11111111-2222-3333-4444-555555555555',
    'expected the number of a version',
  ],
  ['a label that begins with a digit', 'key: db, version: 1st', 'expected the number of a version'],
  ['version 0', 'key: db, version: "0"', 'expected the number of a version'],
])('a reference to a parameter may not have %s', (_what, ref, message) => {
  expect(problems(manifest(ref), STORE)).toEqual([expect.stringContaining(message)]);
});

test.each([
  ['/', true],
  ['/prod', true],
  ['/prod/shop/', true],
  ['prod', false],
  ['/prod//shop', false],
])('a find of parameters under %s is one: %s', (path, expected) => {
  const store = edit(STORE, 'name: aws', 'name: aws\n    secrets: [/prod/*]');
  const find = edit(
    MANIFEST,
    'data:\n    - secretKey: password\n      remoteRef: { key: prod/db }',
    `dataFrom: [{ find: { path: ${path}, name: { regexp: . } } }]`,
  );

  expect(problems(find, store)).toEqual(
    expected ? [] : [expect.stringContaining('expected a path of parameters, which begins with /')],
  );
});

test('a store of Secrets Manager reads no ARN of a parameter', () => {
  expect(problems(manifest(`key: "${ARN}"`))).toEqual([
    expect.stringContaining(
      'expected the name or ARN of a secret of Secrets Manager (store aws is a SecretsManager)',
    ),
  ]);
});
