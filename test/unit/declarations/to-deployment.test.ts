import { describe, expect, test } from '@jest/globals';
import { compileConfig } from '../../../lambda/declarations/compile.ts';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import { clusterRoleName, installerRoleName } from '../../../lambda/declarations/deployment.ts';
import type { Deployment } from '../../../lambda/declarations/deployment.ts';
import type { CompiledConfig } from '../../../lambda/model/config.ts';

const CLUSTER = `{ name: one, region: eu-west-1, account: '111122223333', namespaces: [shop] }`;

function compiled(
  clusters: readonly string[],
  relay = '',
): { readonly config: CompiledConfig; readonly deployment: Deployment } {
  const text = `apiVersion: keyrelay.dev/v1
kind: Config
${relay}
clusters: [${clusters.join(', ')}]
stores: [{ name: aws, provider: { aws: { service: SecretsManager, region: eu-central-1 } } }]
`;
  return compileOrThrow({ config: { path: 'keyrelay.yaml', text }, declarations: [] });
}

describe('where keyrelay.yaml says nothing about the relay', () => {
  const { deployment } = compiled([CLUSTER]);

  test('there is one, in the first store’s region and the first cluster’s account', () => {
    expect(deployment).toMatchObject({
      name: 'keyrelay',
      account: '111122223333',
      homes: [{ name: 'eu-central-1', region: 'eu-central-1', network: undefined }],
      events: { busArn: undefined, accounts: [], trail: 'existing' },
      alarms: { topicArn: undefined, emails: [], propagationSeconds: 60 },
      terminationProtection: true,
      tags: {},
      schedule: 'rate(1 hour)',
    });
  });

  test('the deployment grants access by RBAC, and applies it', () => {
    expect(deployment.clusters.get('one')).toEqual({
      home: 'eu-central-1',
      access: 'rbac',
      install: 'deployment',
      securityGroupId: undefined,
      ownRole: false,
      kmsKeys: [],
    });
  });

  test('and there are no stores, because clusters have their own, it runs in the first cluster’s region', () => {
    const own = CLUSTER.replace('}', ', declarations: cluster }');
    const text = `apiVersion: keyrelay.dev/v1\nkind: Config\nclusters: [${own}]\n`;
    const result = compileConfig({ config: { path: 'keyrelay.yaml', text }, declarations: [] });

    expect(result).toMatchObject({ kind: 'compiled', deployment: { homes: [{ region: 'eu-west-1' }] } });
  });
});

test('the keys of what a cluster’s objects may have read are the deployment’s business, each once', () => {
  const key = 'arn:aws:kms:eu-west-1:111122223333:key/one';
  const allow = `{ namespaces: [shop], secrets: [a], kmsKeys: ['${key}'] }`;
  const { deployment, config } = compiled([
    CLUSTER.replace('}', `, declarations: both, allow: [${allow}, ${allow}] }`),
  ]);

  expect(deployment.clusters.get('one')?.kmsKeys).toEqual([key]);
  expect(JSON.stringify(config)).not.toContain(key);
});

describe('a cluster', () => {
  const relay = 'relay: { homes: [{ region: eu-central-1 }, { region: us-east-1, name: us }] }';
  const at = (region: string, more = ''): string =>
    `{ name: ${region}${more === '' ? '' : '-x'}, region: ${region}, account: '111122223333', namespaces: [shop]${more} }`;

  test('is served by the home that it names, else by the one in its region, else by the first', () => {
    const { deployment } = compiled(
      [at('us-east-1'), at('us-east-1', ', home: eu-central-1'), at('eu-west-1')],
      relay,
    );

    expect([...deployment.clusters].map(([name, { home }]) => [name, home])).toEqual([
      ['us-east-1', 'us'],
      ['us-east-1-x', 'eu-central-1'],
      ['eu-west-1', 'eu-central-1'],
    ]);
  });

  test('of another account gets a role there, with an external id, unless it names one', () => {
    const other = (name: string, more = ''): string =>
      `{ name: ${name}, region: us-east-1, account: '444455556666', namespaces: [shop]${more} }`;
    const { config } = compiled([
      CLUSTER,
      other('ours'),
      other('theirs', ", roleArn: 'arn:aws:iam::444455556666:role/theirs'"),
    ]);

    expect(config.clusters.map(({ roleArn, externalId }) => [roleArn, externalId])).toEqual([
      [undefined, undefined],
      [
        'arn:aws:iam::444455556666:role/keyrelay-access-eu-central-1-us-east-1',
        'keyrelay/111122223333/eu-central-1',
      ],
      ['arn:aws:iam::444455556666:role/theirs', undefined],
    ]);
  });

  test('with EKS’s policy for Secrets needs nothing installed', () => {
    const { deployment } = compiled([CLUSTER.replace(' }', ', access: access-policy }')]);

    expect(deployment.clusters.get('one')).toMatchObject({ access: 'access-policy', install: 'gitops' });
  });
});

test('the longest names that the formats admit are short enough for a role', () => {
  const longest = { name: 'a'.repeat(20) };

  expect(clusterRoleName(longest, 'h'.repeat(20), 'ap-southeast-1').length).toBeLessThanOrEqual(64);
  expect(installerRoleName(longest, 'h'.repeat(20), 'ap-southeast-1').length).toBeLessThanOrEqual(64);
});
