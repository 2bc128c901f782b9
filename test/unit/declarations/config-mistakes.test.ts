import { expect, test } from '@jest/globals';
import { ROLLOUT_SETTINGS } from '../../../lambda/model/rollout.ts';
import { CONFIG, MANIFEST, compiled, edit, problems } from './sources.ts';

const CLUSTER = '    namespaces: [shop]\n';
const LATER = 'expected no such field: it is not supported yet';

test.each([
  [
    'another version',
    'keyrelay.dev/v1',
    'keyrelay.dev/v2',
    '1:13: apiVersion: found "keyrelay.dev/v2", expected "keyrelay.dev/v1"',
  ],
  [
    'no clusters',
    CONFIG.slice(CONFIG.indexOf('clusters:'), CONFIG.indexOf('stores:')),
    'clusters: []\n',
    '3:1: clusters: found a list, expected at least 1 item',
  ],
  [
    'an unknown field',
    'stores:',
    'storse: []\nstores:',
    '14:1: storse: found the unknown field "storse", expected one of apiVersion, kind, relay, clusters, stores, settings; did you mean stores?',
  ],
  [
    'a cluster name that EKS refuses',
    'name: test-eu',
    'name: test.eu',
    '9:11: clusters[1].name: found "test.eu", expected an EKS cluster name: letters, digits, - and _, at most 100',
  ],
  [
    'a cluster twice',
    'name: test-eu',
    'name: prod-eu',
    '9:11: clusters[1].name: found "prod-eu" again, expected each name once',
  ],
  [
    'an account without quotes',
    "'111122223333'",
    '111122223333',
    '6:14: clusters[0].account: found a number, expected an account id: 12 digits, in quotes',
  ],
  [
    'an account that is too short',
    "'111122223333'",
    "'1111'",
    '6:14: clusters[0].account: found "1111", expected an account id: 12 digits, in quotes',
  ],
  [
    'a region that is none',
    'region: eu-west-1',
    'region: eu-west',
    '5:13: clusters[0].region: found "eu-west", expected an AWS region such as eu-west-1',
  ],
  [
    'a role that is none',
    CLUSTER,
    `${CLUSTER}    roleArn: relay\n`,
    '13:14: clusters[1].roleArn: found "relay", expected the ARN of an IAM role, such as arn:aws:iam::111122223333:role/keyrelay',
  ],
  [
    'a role of another account',
    CLUSTER,
    `${CLUSTER}    roleArn: arn:aws:iam::444455556666:role/relay\n`,
    "13:14: clusters[1].roleArn: found a role of account 444455556666, expected a role of the cluster's account 111122223333",
  ],
  [
    'an external id without a role',
    CLUSTER,
    `${CLUSTER}    externalId: hunter2\n`,
    '13:17: clusters[1].externalId: found an external id without a role, expected roleArn beside it, or neither',
  ],
  [
    'an external id that STS refuses',
    CLUSTER,
    `${CLUSTER}    externalId: hunter 2\n`,
    '13:17: clusters[1].externalId: found a text, expected an external id: 2 to 1224 characters of letters, digits and +=,.@:/-',
  ],
  [
    'no namespaces',
    CLUSTER,
    '    namespaces: []\n',
    '12:5: clusters[1].namespaces: found a list, expected at least 1 item',
  ],
  [
    'a wildcard for namespaces',
    CLUSTER,
    "    namespaces: ['*']\n",
    '12:18: clusters[1].namespaces[0]: found "*", expected a namespace name: lower-case letters, digits and -, at most 63, no wildcard',
  ],
  [
    'a namespace twice',
    CLUSTER,
    '    namespaces: [shop, web, shop]\n',
    '12:29: clusters[1].namespaces[2]: found "shop" again, expected each name once',
  ],
  [
    'a label that is a number',
    '{ env: test }',
    '{ env: 1 }',
    '13:20: clusters[1].labels.env: found a number, expected a label value: letters, digits, -, _ and ., at most 63, in quotes if it looks like a number',
  ],
  [
    'declarations from elsewhere',
    CLUSTER,
    `${CLUSTER}    declarations: git\n`,
    '13:19: clusters[1].declarations: found "git", expected one of "files", "cluster", "both"',
  ],
  [
    'an allowance for a namespace that is not the cluster’s',
    CLUSTER,
    `${CLUSTER}    declarations: cluster\n    allow: [{ namespaces: [bank], secrets: [prod/shop/*] }]\n`,
    '14:15: clusters[1].allow[0].namespaces: found "bank", expected namespaces of the cluster (shop)',
  ],
  [
    'an allowance where no objects are read',
    CLUSTER,
    `${CLUSTER}    allow: [{ namespaces: [shop], secrets: [prod/shop/*] }]\n`,
    '13:5: clusters[1].allow: found an allowance for objects that are not read, expected declarations: cluster or both',
  ],
  [
    'an allowance of every secret',
    CLUSTER,
    `${CLUSTER}    declarations: both\n    allow: [{ namespaces: [shop], secrets: ['*'] }]\n`,
    '14:45: clusters[1].allow[0].secrets[0]: found "*", expected a secret’s name, or the beginning of names and a * at its end, such as prod/*',
  ],
  [
    'objects of a cluster whose access is EKS’s policy for Secrets',
    CLUSTER,
    `${CLUSTER}    declarations: both\n    access: access-policy\n`,
    '13:19: clusters[1].declarations: found both, expected access: rbac, because EKS’s policy for Secrets reads no ExternalSecrets',
  ],
  [
    'another provider',
    '{ aws:',
    '{ vault: {}, aws:',
    `16:17: stores[0].provider.vault: found vault, ${LATER}; only aws is`,
  ],
  [
    'another service',
    'SecretsManager',
    'CertificateManager',
    '16:33: stores[0].provider.aws.service: found "CertificateManager", expected one of "SecretsManager", "ParameterStore": nothing else is supported yet',
  ],
  [
    'a role of the store',
    'region: eu-west-1 }',
    'region: eu-west-1, role: x }',
    '16:74: stores[0].provider.aws.role: found "x", expected the ARN of an IAM role, such as arn:aws:iam::111122223333:role/keyrelay',
  ],
  [
    'retry settings of the store',
    '    provider:',
    '    retrySettings: {}\n    provider:',
    '16:5: stores[0].retrySettings: found retrySettings, expected no such field: the relay has its own',
  ],
  [
    'a store twice',
    'stores:\n',
    'stores:\n  - { name: aws, provider: { aws: { service: SecretsManager, region: us-east-1 } } }\n',
    '16:11: stores[1].name: found "aws" again, expected each name once',
  ],
  [
    'a share above one',
    'stores:',
    'settings: { garbageCollection: { maxShare: 20 } }\nstores:',
    '14:44: settings.garbageCollection.maxShare: found 20, expected at most 1',
  ],
  [
    'a number with a fraction',
    'stores:',
    'settings: { garbageCollection: { minimum: 1.5 } }\nstores:',
    '14:43: settings.garbageCollection.minimum: found a number, expected a whole number',
  ],
  [
    'no concurrency',
    'stores:',
    'settings: { clusterConcurrency: 0 }\nstores:',
    '14:33: settings.clusterConcurrency: found 0, expected at least 1',
  ],
  [
    'a schedule that is none',
    'stores:',
    'settings: { schedule: hourly }\nstores:',
    '14:23: settings.schedule: found "hourly", expected a schedule such as rate(1 hour) or cron(0 * * * ? *)',
  ],
  [
    'a schedule in the wrong number',
    'stores:',
    'settings: { schedule: rate(1 hours) }\nstores:',
    '14:23: settings.schedule: found "rate(1 hours)", expected a schedule such as rate(1 hour) or cron(0 * * * ? *)',
  ],
  [
    'a bus that has no such name',
    'stores:',
    'settings: { receipts: { bus: "a bus" } }\nstores:',
    '14:30: settings.receipts.bus: found "a bus", expected the name or ARN of an event bus',
  ],
  [
    'a bus in a region where no relay is',
    'stores:',
    'settings: { receipts: { bus: "arn:aws:events:us-east-1:111122223333:event-bus/all" } }\nstores:',
    '14:30: settings.receipts.bus: found a bus in us-east-1, expected a bus in the region of every relay, or its name',
  ],
  [
    'a second document',
    CONFIG,
    `${CONFIG}---\n${CONFIG}`,
    '18:1: found a further document, expected one document',
  ],
  ['nothing at all', CONFIG, '# nothing\n', '1:1: found an empty file, expected a document of kind Config'],
  ['no mapping', CONFIG, '- a\n', '1:1: found a list, expected a mapping'],
])('%s is told with its place', (_what, from, to, message) => {
  expect(problems(MANIFEST, edit(CONFIG, from, to))).toEqual([`CONFIG_INVALID keyrelay.yaml:${message}`]);
});

test('no stores, though files declare, is told with its place', () => {
  const config = edit(CONFIG, CONFIG.slice(CONFIG.indexOf('stores:')), 'stores: []\n');

  expect(problems('', config)).toEqual([
    'CONFIG_INVALID keyrelay.yaml:14:1: stores: found no store, expected at least one, because files declare for cluster prod-eu',
  ]);
});

test('what is not said has a default', () => {
  const { settings, clusters, stores } = compiled();

  expect(settings).toEqual({
    garbageCollection: { maxShare: 0.2, minimum: 1, graceSeconds: 900 },
    clusterConcurrency: 10,
    rollouts: ROLLOUT_SETTINGS,
    receipts: { bus: 'default', when: 'end' },
    schedule: { text: 'rate(1 hour)', seconds: 3600 },
  });
  expect(clusters[0]).toMatchObject({ roleArn: undefined, externalId: undefined, labels: { env: 'prod' } });
  expect(stores).toEqual([{ name: 'aws', service: 'SecretsManager', region: 'eu-west-1' }]);
});

test('one setting leaves the defaults of its neighbours', () => {
  const config = `${CONFIG}settings: { garbageCollection: { maxShare: 0.5 } }\n`;

  expect(compiled(MANIFEST, config).settings).toEqual({
    garbageCollection: { maxShare: 0.5, minimum: 1, graceSeconds: 900 },
    clusterConcurrency: 10,
    rollouts: ROLLOUT_SETTINGS,
    receipts: { bus: 'default', when: 'end' },
    schedule: { text: 'rate(1 hour)', seconds: 3600 },
  });
});

test.each(['us-gov-east-1', 'ap-southeast-2', 'us-iso-west-1', 'eusc-de-east-1', 'mx-central-1'])(
  '%s is a region',
  (region) => {
    expect(problems(MANIFEST, edit(CONFIG, '    region: eu-west-1', `    region: ${region}`))).toEqual([]);
  },
);

test.each([
  ['{ when: off }', undefined],
  ['{ when: stages }', { bus: 'default', when: 'stages' }],
  ['{ bus: team.bus-1 }', { bus: 'team.bus-1', when: 'end' }],
  [
    '{ bus: "arn:aws:events:eu-west-1:444455556666:event-bus/all" }',
    { bus: 'arn:aws:events:eu-west-1:444455556666:event-bus/all', when: 'end' },
  ],
  ['{ bus: "arn:aws:events:us-east-1:111122223333:event-bus/all", when: off }', undefined],
])('receipts %s', (receipts, settings) => {
  const config = `${CONFIG}settings: { receipts: ${receipts} }\n`;

  expect(compiled(MANIFEST, config).settings.receipts).toEqual(settings);
});
