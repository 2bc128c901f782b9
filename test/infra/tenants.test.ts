import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { clusterManifests } from '../../infra/manifests/cluster-manifests.ts';
import type { Compiled } from '../../lambda/declarations/compile.ts';
import { readConfig } from '../../lambda/declarations/read-config.ts';
import type { Manifest } from '../../lambda/model/manifest.ts';
import { allows, policiesOf } from '../support/iam.ts';
import type { Call } from '../support/iam.ts';
import { fieldsOf, resolved } from '../support/resolved-template.ts';
import { templateOf, templatePaths } from '../support/templates.ts';
import { woken } from './woken.ts';

/** Where teams declare in their clusters, what they will declare is not known: everything follows from clusters[].allow. */
const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/tenants-relay-eu-west-1`;
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const BANK_READER = 'arn:aws:iam::444455556666:role/bank-reader';

const relay = resolved(templateOf('tenants', 'tenants-relay-eu-west-1'), {
  account: ACCOUNT,
  region: 'eu-west-1',
});

const secret = (name: string, region = 'eu-west-1', account = ACCOUNT): string =>
  `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`;
const read = (resource: string): Call => ({ action: 'secretsmanager:GetSecretValue', resource });
const list = (region: string): Call => ({
  action: 'secretsmanager:ListSecrets',
  resource: '*',
  context: { 'aws:RequestedRegion': region },
});
const abroad = (name: string): string => `arn:aws:iam::777788889999:role/${name}`;
const ABROAD = abroad('abroad');
const trusting = (role: string, action = 'sts:AssumeRole', externalId?: string): Call => ({
  action,
  resource: role,
  ...(externalId === undefined ? {} : { context: { 'sts:ExternalId': externalId } }),
  resourcePolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'], Principal: { AWS: ROLE } }],
  },
});
const decrypt = (key: string, service: string): Call => ({
  action: 'kms:Decrypt',
  resource: key,
  context: { 'kms:ViaService': service },
  resourcePolicy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
    ],
  },
});

describe('the relay’s role', () => {
  const may = (call: Call): Promise<boolean> => allows(policiesOf(relay, 'RelayRole'), ROLE, call);

  test.each<readonly [string, Call]>([
    ['read what a namespace is allowed by pattern', read(secret('prod/shop/db'))],
    ['read what a namespace is allowed by name', read(secret('shared-token'))],
    ['read another cluster’s', read(secret('prod/mixed/db'))],
    ['read in a further region that is allowed', read(secret('prod/ledger/db', 'eu-central-1'))],
    ['read what a find of a file may find', read(secret('platform/registry-eu'))],
    ['list in the regions that are allowed', list('eu-central-1')],
    ['assume a role that is allowed', trusting(BANK_READER)],
    ['tell it tags', trusting(BANK_READER, 'sts:TagSession')],
    ['assume a role of a store with its external id', trusting(ABROAD, 'sts:AssumeRole', 'agreed-on')],
    ['tell it the tags of its policy', trusting(ABROAD, 'sts:TagSession')],
    ['assume the first role of a chain', trusting(abroad('hop'))],
    ['decrypt with a key that is allowed', decrypt(KEY, 'secretsmanager.eu-west-1.amazonaws.com')],
  ])('may %s', async (_, call) => {
    expect(await may(call)).toBe(true);
  });

  test.each<readonly [string, Call]>([
    ['read what nobody is allowed', read(secret('prod/other/db'))],
    ['read what begins like a name that is allowed', read(secret('shared-token-2'))],
    ['read in a region that is not allowed for it', read(secret('prod/shop/db', 'eu-central-1'))],
    ['read in another account by its own hands', read(secret('prod/bank/db', 'eu-west-1', '444455556666'))],
    ['list in other regions', list('us-east-1')],
    ['read what others read for a namespace', read(secret('prod/bank/db'))],
    ['read what service accounts and keys read', read(secret('prod/till/db'))],
    ['read what a role reads for a file', read(secret('abroad/db'))],
    ['read that in the role’s account', read(secret('abroad/db', 'eu-west-1', '777788889999'))],
    ['read what a service account reads for a file', read(secret('account/db'))],
    ['assume a role of a store without its external id', trusting(ABROAD)],
    ['assume it with another', trusting(ABROAD, 'sts:AssumeRole', 'guessed')],
    ['assume the last role of a chain, past the first', trusting(abroad('last'))],
    ['tell tags to a role whose store has none', trusting(abroad('hop'), 'sts:TagSession')],
    ['assume the role that a service account assumes', trusting(abroad('after-account'))],
    ['assume another role', trusting('arn:aws:iam::444455556666:role/bank-reader-2')],
    [
      'decrypt with another key',
      decrypt(KEY.replace('1111', '9999'), 'secretsmanager.eu-west-1.amazonaws.com'),
    ],
    ['decrypt by way of another service', decrypt(KEY, 's3.eu-west-1.amazonaws.com')],
    ['write a secret', { action: 'secretsmanager:PutSecretValue', resource: secret('prod/shop/db') }],
  ])('may not %s', async (_, call) => {
    expect(await may(call)).toBe(false);
  });
});

describe('events', () => {
  const sample = fieldsOf(
    JSON.parse(readFileSync('test/unit/events/samples/native-secret-label-updated.json', 'utf8')),
  );
  const native = (
    name: string,
    more: { readonly account?: string; readonly labelUpdated?: string } = {},
  ): object => {
    const { account = ACCOUNT, labelUpdated = 'AWSCURRENT' } = more;
    return { ...sample, account, detail: { ...fieldsOf(sample['detail']), name, labelUpdated } };
  };
  const patterns = [...relay.values()].flatMap(({ Type, Properties: { EventPattern } }) =>
    Type === 'AWS::Events::Rule' && EventPattern !== undefined ? [EventPattern] : [],
  );

  test.each([
    ['of a secret that a namespace is allowed', native('prod/shop/db'), true],
    ['of one that is allowed by name', native('shared-token'), true],
    ['of one that a file finds', native('platform/registry-eu'), true],
    ['of one that nobody is allowed', native('prod/other/db'), false],
    ['of one that begins like an allowed name', native('shared-token-2'), false],
    ['of a stage that an object may name', native('prod/shop/db', { labelUpdated: 'BLUE' }), true],
    ['of AWSPENDING', native('prod/shop/db', { labelUpdated: 'AWSPENDING' }), false],
    ['of AWSPREVIOUS', native('prod/shop/db', { labelUpdated: 'AWSPREVIOUS' }), false],
    ['of the account of a role that reads', native('prod/bank/db', { account: '444455556666' }), true],
    ['of a strange account', native('prod/bank/db', { account: '999900001111' }), false],
  ])('%s: the relay is woken: %#', async (_, event, expected) => {
    expect(await woken(patterns, [event])).toEqual([expected]);
  });

  test('are forwarded from every region and account that stores in clusters may read', () => {
    const forwarders = [...templatePaths('tenants').keys()].filter((name) => name.includes('-events-'));

    expect(forwarders).toEqual(
      [
        `tenants-events-${ACCOUNT}-eu-central-1`,
        'tenants-events-444455556666-eu-central-1',
        'tenants-events-444455556666-eu-west-1',
        'tenants-events-777788889999-eu-west-1',
      ].toSorted(),
    );
  });
});

describe('what lies in a cluster', () => {
  let compiled: Compiled;
  beforeAll(async () => {
    compiled = await readConfig('test/infra/configs/tenants');
  });
  const manifestsOf = (name: string): readonly Manifest[] => {
    const { config, deployment } = compiled;
    const cluster = config.clusters.find((candidate) => candidate.name === name);
    return cluster === undefined ? [] : clusterManifests(config, deployment, cluster);
  };
  const rulesOf = (name: string, kind: string, namespace?: string): readonly string[] =>
    manifestsOf(name)
      .filter((manifest) => manifest.kind === kind && manifest.metadata.namespace === namespace)
      .flatMap(({ rules }) => (Array.isArray(rules) ? rules.map(fieldsOf) : []))
      .flatMap(({ apiGroups, resources, verbs }) =>
        [resources].flat().map((resource) => `${String(apiGroups)}/${String(resource)}: ${String(verbs)}`),
      );

  test('lets the relay read declarations in its namespaces, and change nothing but what it tells there', () => {
    expect(rulesOf('own', 'Role', 'bank')).toEqual([
      '/secrets: get,list,create,patch,delete',
      '/events: create,patch',
      'external-secrets.io/externalsecrets: get,list',
      'external-secrets.io/secretstores: get,list',
      'external-secrets.io/externalsecrets/status: patch',
      'external-secrets.io/secretstores/status: patch',
      'external-secrets.io/externalsecrets/finalizers: update',
      '/configmaps: get',
      'apps/deployments: get,list,patch',
      'apps/statefulsets: get,list,patch',
      'apps/daemonsets: get,list,patch',
      'argoproj.io/rollouts: get,list,patch',
      '/namespaces: get',
    ]);
  });

  test('lets the relay read what is in no namespace, and neither Secrets nor declarations of other namespaces', () => {
    expect(rulesOf('own', 'ClusterRole')).toEqual([
      'external-secrets.io/clustersecretstores: get,list',
      'external-secrets.io/clusterexternalsecrets: get,list',
      'external-secrets.io/clustersecretstores/status: patch',
      'external-secrets.io/clusterexternalsecrets/status: patch',
      'external-secrets.io/clusterexternalsecrets/finalizers: update',
      '/namespaces: list',
    ]);
  });

  test('is bound in the relay’s namespaces', () => {
    const roles = manifestsOf('own').filter(({ kind }) => kind === 'Role');

    expect(roles.map(({ metadata }) => metadata.namespace)).toEqual(['bank', 'shop']);
    expect(manifestsOf('mixed').filter(({ kind }) => kind === 'Role')).toHaveLength(1);
  });

  test('leaves what is merged into or taken over to whoever writes the objects', () => {
    const policy = JSON.stringify(
      manifestsOf('own').find(({ kind }) => kind === 'ValidatingAdmissionPolicy'),
    );

    expect(policy).toContain(`{"name":"declaring","expression":"['bank', 'shop']"}`);
  });

  test('lets the relay ask for tokens of the service accounts that are named, and of no others', () => {
    const named = (namespace: string): readonly unknown[] =>
      manifestsOf('lent')
        .filter(({ kind, metadata }) => kind === 'Role' && metadata.namespace === namespace)
        .flatMap(({ rules }) => (Array.isArray(rules) ? rules.map(fieldsOf) : []))
        .filter(({ resources }) => JSON.stringify(resources).includes('serviceaccounts'))
        .map(({ resources, resourceNames, verbs }) => [resources, resourceNames, verbs].flat().join(' '));

    expect(named('till')).toEqual([
      'serviceaccounts filed reader get',
      'serviceaccounts/token filed reader create',
    ]);
    expect(named('platform')).toEqual(['serviceaccounts reader get', 'serviceaccounts/token reader create']);
    expect(rulesOf('own', 'Role', 'shop').join()).not.toContain('serviceaccounts');
  });

  test('holds their tokens to what each may be for', () => {
    const policy = JSON.stringify(
      manifestsOf('lent').find(({ metadata }) => metadata.name === 'tenants-tokens'),
    );

    expect(policy).toContain(
      "{'': [''], 'platform/reader': ['sts.amazonaws.com', 'vault'], 'till/filed': ['sts.amazonaws.com'], 'till/reader': ['sts.amazonaws.com', 'vault']}",
    );
  });
});
