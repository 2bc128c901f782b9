import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { clusterObject } from '../../../lambda/declarations/cluster-object.ts';
import { clusterStore } from '../../../lambda/declarations/cluster-stores.ts';
import { formatProblem } from '../../../lambda/declarations/problems.ts';
import type { Cluster } from '../../../lambda/model/config.ts';
import { esoCrds } from '../../support/eso-crds.ts';
import { fieldsOf } from '../../support/resolved-template.ts';
import { CLUSTER, anObject } from './cluster-objects.ts';

const CRDS = esoCrds();
const ROLE = 'arn:aws:iam::444455556666:role/shop';

/**
 * What becomes of every field of ESO's stores:
 *
 * - `supported`: it means what it means to ESO,
 * - `irrelevant`: it is accepted, and there is nothing here that it could be about,
 * - `refused`: an object that has it is refused, with the field's name and a reason.
 */
type State = 'supported' | 'irrelevant' | 'refused';

const key = (path: string): readonly (readonly [string, State])[] =>
  ['', '.key', '.name', '.namespace'].map((part) => [`${path}${part}`, 'supported'] as const);
const AWS = 'spec.provider.aws';
const FIELDS: readonly (readonly [path: string, state: State])[] = [
  // Which status an object gets is for the store's status, not for its spec.
  ['spec.conditions', 'supported'],
  ['spec.conditions[].namespaces', 'supported'],
  ['spec.conditions[].namespaceRegexes', 'supported'],
  ['spec.conditions[].namespaceSelector', 'supported'],
  ['spec.conditions[].namespaceSelector.matchExpressions', 'supported'],
  ['spec.conditions[].namespaceSelector.matchExpressions[].key', 'supported'],
  ['spec.conditions[].namespaceSelector.matchExpressions[].operator', 'supported'],
  ['spec.conditions[].namespaceSelector.matchExpressions[].values', 'supported'],
  ['spec.conditions[].namespaceSelector.matchLabels', 'supported'],
  // A store that names another controller is another's: test/unit/declarations/from-cluster.test.ts.
  ['spec.controller', 'supported'],
  ['spec.provider', 'supported'],
  // How often ESO checks a store: here it is looked at whenever it is used.
  ['spec.refreshInterval', 'irrelevant'],
  ['spec.retrySettings', 'refused'],
  ['spec.retrySettings.maxRetries', 'refused'],
  ['spec.retrySettings.retryInterval', 'refused'],
  [AWS, 'supported'],
  [`${AWS}.additionalRoles`, 'supported'],
  [`${AWS}.auth`, 'supported'],
  [`${AWS}.auth.jwt`, 'supported'],
  [`${AWS}.auth.jwt.serviceAccountRef`, 'supported'],
  [`${AWS}.auth.jwt.serviceAccountRef.audiences`, 'supported'],
  [`${AWS}.auth.jwt.serviceAccountRef.name`, 'supported'],
  [`${AWS}.auth.jwt.serviceAccountRef.namespace`, 'supported'],
  [`${AWS}.auth.secretRef`, 'supported'],
  ...key(`${AWS}.auth.secretRef.accessKeyIDSecretRef`),
  ...key(`${AWS}.auth.secretRef.secretAccessKeySecretRef`),
  ...key(`${AWS}.auth.secretRef.sessionTokenSecretRef`),
  [`${AWS}.customSessionTags`, 'supported'],
  [`${AWS}.externalID`, 'supported'],
  [`${AWS}.prefix`, 'supported'],
  [`${AWS}.region`, 'supported'],
  [`${AWS}.role`, 'supported'],
  // How a PushSecret deletes at the source, which the relay never does.
  [`${AWS}.secretsManager`, 'irrelevant'],
  [`${AWS}.secretsManager.forceDeleteWithoutRecovery`, 'irrelevant'],
  [`${AWS}.secretsManager.recoveryWindowInDays`, 'irrelevant'],
  [`${AWS}.service`, 'supported'],
  [`${AWS}.sessionTags`, 'supported'],
  [`${AWS}.sessionTags[].key`, 'supported'],
  [`${AWS}.sessionTags[].value`, 'supported'],
  [`${AWS}.sessionTagsPolicy`, 'supported'],
  [`${AWS}.transitiveTagKeys`, 'supported'],
  ...[
    ...['akeyless', 'azurekv', 'barbican', 'beyondtrust', 'beyondtrustworkloadcredentials'],
    ...[
      'bitwardensecretsmanager',
      'chef',
      'cloudrusm',
      'conjur',
      'crd',
      'delinea',
      'doppler',
      'dvls',
      'fake',
    ],
    ...['fortanix', 'gcpsm', 'github', 'gitlab', 'ibm', 'infisical', 'keepersecurity', 'kubernetes'],
    ...[
      'nebiusmysterybox',
      'ngrok',
      'onboardbase',
      'onepassword',
      'onepasswordSDK',
      'openBao',
      'oracle',
      'ovh',
    ],
    ...[
      'passbolt',
      'passworddepot',
      'previder',
      'pulumi',
      'scaleway',
      'secretserver',
      'senhasegura',
      'vault',
    ],
    ...['volcengine', 'webhook', 'yandexcertificatemanager', 'yandexlockbox'],
  ].map((provider) => [`spec.provider.${provider}`, 'refused'] as const),
];
const paths = (state: State): readonly string[] =>
  FIELDS.flatMap(([path, its]) => (its === state ? [path] : []));

const OPEN: Cluster = {
  ...CLUSTER,
  allow: [
    {
      namespaces: ['shop'],
      secrets: ['prod/*'],
      regions: ['eu-west-1'],
      roles: [ROLE],
      services: ['ParameterStore'],
    },
    {
      ...{ namespaces: ['shop'], secrets: ['prod/*'], regions: ['eu-west-1'], roles: [] },
      ...{ serviceAccounts: ['shop/reader'], credentials: ['shop/keys'], services: ['ParameterStore'] },
    },
  ],
};

function problemsOf(spec: unknown): readonly string[] {
  const object = clusterObject(anObject(undefined, 'aws', spec), 'prod-eu', {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ClusterSecretStore',
  });
  if (object === undefined) throw new Error('no object');
  return clusterStore(OPEN, object, []).problems.map((problem) => formatProblem(problem));
}

const place = { service: 'ParameterStore', region: 'eu-west-1', prefix: '/prod/' };
const secretKey = { name: 'keys', namespace: 'shop', key: 'k' };
/** Stores that together have every field that is accepted. */
const COMPLETE = [
  {
    provider: {
      aws: {
        ...place,
        role: ROLE,
        additionalRoles: [ROLE],
        externalID: 'agreed-on',
        sessionTags: [{ key: 'a', value: 'b' }],
        sessionTagsPolicy: 'None',
        transitiveTagKeys: ['a'],
        secretsManager: { forceDeleteWithoutRecovery: true, recoveryWindowInDays: 7 },
      },
    },
    conditions: [
      {
        namespaces: ['shop'],
        namespaceRegexes: ['^shop$'],
        namespaceSelector: {
          matchLabels: { a: 'b' },
          matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }],
        },
      },
    ],
    refreshInterval: '1h',
    controller: 'keyrelay',
  },
  {
    provider: {
      aws: {
        ...place,
        auth: {
          jwt: { serviceAccountRef: { name: 'reader', namespace: 'shop', audiences: ['sts.amazonaws.com'] } },
        },
      },
    },
    refreshInterval: 3600,
  },
  {
    provider: {
      aws: {
        ...place,
        auth: {
          secretRef: {
            accessKeyIDSecretRef: secretKey,
            secretAccessKeySecretRef: secretKey,
            sessionTokenSecretRef: secretKey,
          },
        },
        role: ROLE,
        sessionTagsPolicy: 'Custom',
        customSessionTags: { a: 'b' },
      },
    },
  },
];

/** The paths of all fields of a value, `[]` for the items of a list; what people name themselves has no path. */
function pathsOf(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${path}[]`));
  if (typeof value !== 'object' || value === null || /matchLabels$|customSessionTags$/u.test(path)) return [];
  return Object.entries(value).flatMap(([name, item]) => [
    `${path}.${name}`,
    ...pathsOf(item, `${path}.${name}`),
  ]);
}

test('stores that have every accepted field are accepted', () => {
  expect(COMPLETE.flatMap(problemsOf)).toEqual([]);
  expect(new Set(COMPLETE.flatMap((spec) => pathsOf(spec, 'spec')))).toEqual(
    new Set([...paths('supported'), ...paths('irrelevant')]),
  );
});

test.each(paths('refused'))('%s is refused by its name, with a reason', (path) => {
  const [, ...names] = path.split('.');
  const nested = names.reduceRight<unknown>((value, name) => ({ [name]: value }), {});
  const { provider, ...others } = fieldsOf(nested);
  const spec = { ...others, provider: { aws: place, ...fieldsOf(provider) } };

  const top = path.startsWith('spec.retrySettings') ? 'spec.retrySettings' : path;
  expect(problemsOf(spec)).toEqual([
    expect.stringMatching(
      new RegExp(
        `: ${top.replaceAll('.', '\\.')}: found ${top.split('.').at(-1) ?? ''}, expected no such field: .{10}`,
        'u',
      ),
    ),
  ]);
});

test('a service that ESO only writes to is refused by its name', () => {
  expect(problemsOf({ provider: { aws: { ...place, service: 'CertificateManager' } } })).toEqual([
    expect.stringMatching(
      /service: found "CertificateManager", expected one of .*not supported|nothing else is supported/u,
    ),
  ]);
});

(CRDS === undefined ? describe.skip : describe)('of ESO’s own CRDs', () => {
  test.each(['secretstores', 'clustersecretstores'])('%s has these fields and no others', (plural) => {
    const crd: unknown = parse(readFileSync(`${CRDS ?? ''}/${plural}.yaml`, 'utf8'));
    const versions = fieldsOf(fieldsOf(crd)['spec'])['versions'];
    const all: readonly unknown[] = Array.isArray(versions) ? versions : [];
    const v1 = all.find((version) => fieldsOf(version)['name'] === 'v1');
    const schema = fieldsOf(fieldsOf(fieldsOf(v1)['schema'])['openAPIV3Schema']);

    const found = schemaPaths(fieldsOf(schema['properties'])['spec'], 'spec');

    expect(found.toSorted()).toEqual(FIELDS.map(([path]) => path).toSorted());
  });
});

/** As `pathsOf`, of a schema; other providers are not looked into, because they are refused as a whole. */
function schemaPaths(schema: unknown, path: string): readonly string[] {
  const { properties, items } = fieldsOf(schema);
  if (items !== undefined) return schemaPaths(items, `${path}[]`);
  if (path.startsWith('spec.provider.') && !path.startsWith(AWS)) return [];
  return Object.entries(fieldsOf(properties)).flatMap(([name, property]) => [
    `${path}.${name}`,
    ...schemaPaths(property, `${path}.${name}`),
  ]);
}
