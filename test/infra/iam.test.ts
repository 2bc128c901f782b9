import { describe, expect, test } from '@jest/globals';
import { allows, policiesOf } from '../support/iam.ts';
import type { Call } from '../support/iam.ts';
import { resolved } from '../support/resolved-template.ts';
import { templateOf } from '../support/templates.ts';

const ACCOUNT = '111122223333';
const home = { account: ACCOUNT, region: 'eu-west-1' };
const relay = resolved(templateOf('fleet', 'fleet-relay-eu-west-1'), home);
const us = resolved(templateOf('fleet', 'fleet-relay-us'), { account: ACCOUNT, region: 'us-east-1' });
const near = resolved(templateOf('fleet', 'fleet-access-111122223333-eu-west-1'), home);
const abroad = resolved(templateOf('fleet', 'fleet-access-444455556666-us-east-1'), {
  account: '444455556666',
  region: 'us-east-1',
});
const example = resolved(templateOf('example', 'keyrelay-relay-eu-west-1'), home);

const RELAY_ROLE = `arn:aws:iam::${ACCOUNT}:role/fleet-relay-eu-west-1`;
const INSTALLER_ROLE = `arn:aws:iam::${ACCOUNT}:role/fleet-install-eu-west-1-eu-west-1`;
const ABROAD_ROLE = 'arn:aws:iam::444455556666:role/fleet-access-us-us-east-1';
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;

const PARAMETER_KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/66666666-7777-8888-9999-000000000000`;

const parameter = (name: string, region = 'eu-west-1', account = ACCOUNT): string =>
  `arn:aws:ssm:${region}:${account}:parameter/${name}`;
const secret = (name: string, region = 'eu-west-1', account = ACCOUNT): string =>
  `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`;
const cluster = (name: string, region = 'eu-west-1', account = ACCOUNT): string =>
  `arn:aws:eks:${region}:${account}:cluster/${name}`;
const entry = (name: string, role: string): string =>
  `arn:aws:eks:eu-west-1:${ACCOUNT}:access-entry/${name}/role/${ACCOUNT}/${role}/0a1b2c3d`;
const policy = (name: string): string => `arn:aws:eks::aws:cluster-access-policy/${name}`;
const bus = (name: string, region = 'eu-west-1', account = ACCOUNT): string =>
  `arn:aws:events:${region}:${account}:event-bus/${name}`;
const RECEIPT = { 'events:source': 'keyrelay', 'events:detail-type': 'Keyrelay Receipt' };
const via = (service: string) => ({ 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` });
const queue = (type: string): string => {
  const [id = ''] = [...relay.keys()].filter(
    (key) => relay.get(key)?.Type === 'AWS::SQS::Queue' && key.includes(type),
  );
  return `arn:aws:sqs:eu-west-1:${ACCOUNT}:${id}`;
};
const idOf = (resources: ReadonlyMap<string, unknown>, part: string, suffix = ''): string =>
  [...resources.keys()].find(
    (key) => key.includes(part) && !key.includes('Policy') && key.endsWith(suffix),
  ) ?? '';

const LEFT_TO_IAM = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
  ],
};

type Row = readonly [what: string, call: Call];
const row = (action: string, resource: string, context?: Call['context'], what = ''): Row => [
  `${action} ${resource}${what === '' ? '' : ` (${what})`}`,
  {
    action,
    resource,
    ...(context === undefined ? {} : { context }),
    // A key leaves it to IAM only where its policy says so, as the one that KMS begins with does.
    ...(action.startsWith('kms:') ? { resourcePolicy: LEFT_TO_IAM } : {}),
  },
];

describe('the relay’s role', () => {
  const policies = policiesOf(relay, 'RelayRole');
  const may = (call: Call): Promise<boolean> => allows(policies, RELAY_ROLE, call);

  test.each<Row>([
    row('secretsmanager:GetSecretValue', secret('prod/shop/database')),
    row('secretsmanager:DescribeSecret', secret('prod/shop/database')),
    row('secretsmanager:GetSecretValue', secret('legacy-token')),
    row('secretsmanager:BatchGetSecretValue', '*'),
    row('secretsmanager:ListSecrets', '*'),
    row('kms:Decrypt', KEY, via('secretsmanager')),
    row('ssm:GetParameters', parameter('prod/shop/endpoint')),
    row('ssm:GetParameters', parameter('flag')),
    row('ssm:ListTagsForResource', parameter('flag')),
    row('ssm:DescribeParameters', '*'),
    row('kms:Decrypt', PARAMETER_KEY, via('ssm')),
    row('eks:DescribeCluster', cluster('near')),
    row('eks:DescribeCluster', cluster('by-policy')),
    row('sqs:SendMessage', queue('QueuesPush')),
    row('sqs:SendMessage', queue('QueuesDeadLetter')),
    row('sqs:ReceiveMessage', queue('QueuesPush')),
    row('sqs:DeleteMessage', queue('QueuesShard')),
    row('xray:PutTraceSegments', '*'),
    row('events:PutEvents', bus('default'), RECEIPT, 'a receipt'),
  ])('may %s', async (_, call) => {
    expect(await may(call)).toBe(true);
  });

  test.each<Row>([
    row('secretsmanager:GetSecretValue', secret('stage/shop/database')),
    row(
      'secretsmanager:GetSecretValue',
      secret('legacy-token-2'),
      undefined,
      'only begins like a declared one',
    ),
    row('secretsmanager:GetSecretValue', secret('production')),
    row('secretsmanager:GetSecretValue', secret('prod/shop/database', 'us-east-1')),
    row('secretsmanager:GetSecretValue', secret('prod/shop/database', 'eu-west-1', '999900001111')),
    row('secretsmanager:ListSecrets', '*', { 'aws:RequestedRegion': 'us-east-1' }, 'in another region'),
    row('secretsmanager:PutSecretValue', secret('prod/shop/database')),
    row('secretsmanager:UpdateSecret', secret('prod/shop/database')),
    row('secretsmanager:UpdateSecretVersionStage', secret('prod/shop/database')),
    row('secretsmanager:DeleteSecret', secret('prod/shop/database')),
    row('secretsmanager:RestoreSecret', secret('prod/shop/database')),
    row('secretsmanager:RotateSecret', secret('prod/shop/database')),
    row('secretsmanager:PutResourcePolicy', secret('prod/shop/database')),
    row('secretsmanager:TagResource', secret('prod/shop/database')),
    row('secretsmanager:CreateSecret', secret('prod/new')),
    row('kms:Decrypt', KEY, undefined, 'not by Secrets Manager'),
    row('kms:Decrypt', KEY, via('s3')),
    row('kms:Decrypt', `arn:aws:kms:eu-west-1:${ACCOUNT}:key/other`, via('secretsmanager')),
    row('kms:Encrypt', KEY, via('secretsmanager')),
    row('kms:CreateGrant', KEY, via('secretsmanager')),
    row('eks:DescribeCluster', cluster('another')),
    row('eks:DescribeCluster', cluster('near', 'us-east-1')),
    row('eks:ListClusters', '*'),
    row('eks:UpdateClusterConfig', cluster('near')),
    row('eks:CreateAccessEntry', cluster('near')),
    row('eks:AssociateAccessPolicy', entry('near', 'fleet-relay-eu-west-1')),
    row('sqs:PurgeQueue', queue('QueuesPush')),
    row('sqs:DeleteQueue', queue('QueuesPush')),
    row('sqs:ReceiveMessage', queue('QueuesDeadLetter')),
    row('lambda:UpdateFunctionCode', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:fleet-push`),
    row('iam:PassRole', RELAY_ROLE),
    row('iam:AttachRolePolicy', RELAY_ROLE),
    row('ssm:GetParameters', parameter('stage/shop/endpoint')),
    row('ssm:GetParameters', parameter('production')),
    row('ssm:GetParameters', parameter('flag-2'), undefined, 'only begins like a declared one'),
    row('ssm:GetParameters', parameter('prod/shop/endpoint', 'us-east-1')),
    row('ssm:GetParameters', parameter('flag', 'eu-west-1', '444455556666')),
    row('ssm:ListTagsForResource', parameter('stage/shop/endpoint')),
    row('ssm:GetParametersByPath', parameter('prod/shop'), undefined, 'which would read all below it'),
    row('ssm:DescribeParameters', '*', { 'aws:RequestedRegion': 'us-east-1' }, 'in another region'),
    row('ssm:GetParameter', parameter('flag'), undefined, 'which the relay does not call'),
    row('ssm:GetParameterHistory', parameter('flag')),
    row('ssm:PutParameter', parameter('flag')),
    row('ssm:DeleteParameter', parameter('flag')),
    row('ssm:LabelParameterVersion', parameter('flag')),
    row('ssm:AddTagsToResource', parameter('flag')),
    row('ssm:SendCommand', '*'),
    row('ssm:StartSession', '*'),
    row('kms:Decrypt', PARAMETER_KEY, undefined, 'not by Parameter Store'),
    row('kms:Decrypt', PARAMETER_KEY, via('secretsmanager')),
    row('kms:Decrypt', KEY, via('ssm')),
    row('s3:GetObject', 'arn:aws:s3:::bucket/key'),
    row('events:PutEvents', bus('default'), undefined, 'an event without a source'),
    row('events:PutEvents', bus('default'), { ...RECEIPT, 'events:source': 'shop.orders' }, 'of another'),
    row(
      'events:PutEvents',
      bus('default'),
      { ...RECEIPT, 'events:detail-type': 'Alarm' },
      'that is no receipt',
    ),
    row('events:PutEvents', bus('fleet-events'), RECEIPT, 'on the bus that wakes the relay'),
    row('events:PutEvents', bus('default', 'us-east-1'), RECEIPT, 'in another region'),
    row('events:PutEvents', bus('default', 'eu-west-1', '444455556666'), RECEIPT, 'in another account'),
    row('events:PutRule', `arn:aws:events:eu-west-1:${ACCOUNT}:rule/any`),
  ])('may not %s', async (_, call) => {
    expect(await may(call)).toBe(false);
  });

  test('reads a parameter of another account that is shared with its own', async () => {
    const shared = parameter('shared/ca', 'eu-west-1', '444455556666');
    const resourcePolicy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: ACCOUNT },
          Action: ['ssm:GetParameters', 'ssm:GetParameterHistory'],
          Resource: '*',
        },
      ],
    };

    expect(await may({ action: 'ssm:GetParameters', resource: shared, resourcePolicy })).toBe(true);
    expect(await may({ action: 'ssm:GetParameterHistory', resource: shared, resourcePolicy })).toBe(false);
    expect(await may({ action: 'ssm:GetParameters', resource: `${shared}-2`, resourcePolicy })).toBe(false);
  });

  test('has nothing of Parameter Store where no parameter is declared', async () => {
    const own = policiesOf(example, 'RelayRole');
    const may = (action: string, resource: string): Promise<boolean> =>
      allows(own, `arn:aws:iam::${ACCOUNT}:role/keyrelay-relay-eu-west-1`, { action, resource });

    expect(await may('ssm:DescribeParameters', '*')).toBe(false);
    expect(await may('ssm:GetParameters', parameter('prod/shop/db'))).toBe(false);
  });

  test('reads exactly the declared secrets where its store has no patterns', async () => {
    const own = policiesOf(example, 'RelayRole');
    const reads = (name: string): Promise<boolean> =>
      allows(own, `arn:aws:iam::${ACCOUNT}:role/keyrelay-relay-eu-west-1`, {
        action: 'secretsmanager:GetSecretValue',
        resource: secret(name),
      });

    expect(await reads('prod/shop/db')).toBe(true);
    expect(await reads('prod/shop/db2')).toBe(false);
    expect(await reads('prod/shop/other')).toBe(false);
  });

  test('assumes the role that is named for a cluster, with its external id and not without', async () => {
    const theirs = 'arn:aws:iam::777788889999:role/their-role';
    const resourcePolicy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: RELAY_ROLE } }],
    };
    const assumes = (resource: string, context: Readonly<Record<string, string>>): Promise<boolean> =>
      may({ action: 'sts:AssumeRole', resource, context, resourcePolicy });

    expect(await assumes(theirs, { 'sts:ExternalId': 'agreed-on' })).toBe(true);
    expect(await assumes(theirs, { 'sts:ExternalId': 'guessed' })).toBe(false);
    expect(await assumes(theirs, {})).toBe(false);
    expect(await assumes(`${theirs}-2`, { 'sts:ExternalId': 'agreed-on' })).toBe(false);
    expect(await assumes(ABROAD_ROLE, { 'sts:ExternalId': 'agreed-on' })).toBe(false);
  });
});

describe('the role that begins a sweep', () => {
  const id = idOf(relay, 'ReconcileRole');
  const policies = policiesOf(relay, id);

  test.each<Row>([
    row('secretsmanager:GetSecretValue', secret('prod/shop/database')),
    row('secretsmanager:ListSecrets', '*'),
    row('ssm:GetParameters', parameter('flag')),
    row('eks:DescribeCluster', cluster('near')),
    row('sqs:SendMessage', queue('QueuesPush')),
    row('kms:Decrypt', KEY, via('secretsmanager')),
    row('events:PutEvents', bus('default'), RECEIPT),
  ])('may not %s', async (_, call) => {
    expect(await allows(policies, RELAY_ROLE, call)).toBe(false);
  });

  test('may send shards', async () => {
    expect(
      await allows(policies, RELAY_ROLE, { action: 'sqs:SendMessage', resource: queue('QueuesShard') }),
    ).toBe(true);
  });
});

describe('the role for the clusters of another account', () => {
  const id = idOf(abroad, 'Roleus');
  const trust = abroad.get(id)?.Properties['AssumeRolePolicyDocument'];
  const assumed = (principal: string, externalId: string | undefined): Promise<boolean> =>
    allows(policiesOf(us, 'RelayRole'), principal, {
      action: 'sts:AssumeRole',
      resource: ABROAD_ROLE,
      resourcePolicy: trust,
      context: {
        'aws:PrincipalArn': principal,
        ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
      },
    });

  test('has the name that the relay knows', () => {
    expect(abroad.get(id)?.Properties['RoleName']).toBe(ABROAD_ROLE.split('/')[1]);
  });

  test('is assumed by its relay with the external id, and by nobody else', async () => {
    const relayRole = `arn:aws:iam::${ACCOUNT}:role/fleet-relay-us`;

    expect(await assumed(relayRole, `fleet/${ACCOUNT}/us`)).toBe(true);
    expect(await assumed(relayRole, undefined)).toBe(false);
    expect(await assumed(relayRole, 'guessed')).toBe(false);
    expect(await assumed(`arn:aws:iam::${ACCOUNT}:role/somebody`, `fleet/${ACCOUNT}/us`)).toBe(false);
  });

  test('describes the clusters that it is for, and does nothing else', async () => {
    const policies = policiesOf(abroad, id);
    const may = (action: string, resource: string): Promise<boolean> =>
      allows(policies, ABROAD_ROLE, { action, resource });

    expect(await may('eks:DescribeCluster', cluster('abroad', 'us-east-1', '444455556666'))).toBe(true);
    expect(await may('eks:DescribeCluster', cluster('other', 'us-east-1', '444455556666'))).toBe(false);
    expect(await may('eks:CreateAccessEntry', cluster('abroad', 'us-east-1', '444455556666'))).toBe(false);
    expect(
      await may('secretsmanager:GetSecretValue', secret('prod/shop/database', 'us-east-1', '444455556666')),
    ).toBe(false);
  });
});

describe('the installer’s role', () => {
  const policies = policiesOf(near, idOf(near, 'Installereuwest1Role'));
  const own = entry('near', 'fleet-install-eu-west-1-eu-west-1');
  const admin = { 'eks:policyArn': policy('AmazonEKSClusterAdminPolicy') };

  test.each<Row>([
    row('eks:DescribeCluster', cluster('near')),
    row('eks:CreateAccessEntry', cluster('near'), { 'eks:principalArn': INSTALLER_ROLE }),
    row('eks:AssociateAccessPolicy', own, admin),
    row('eks:DeleteAccessEntry', own),
  ])('may %s', async (_, call) => {
    expect(await allows(policies, INSTALLER_ROLE, call)).toBe(true);
  });

  test.each<Row>([
    row('eks:CreateAccessEntry', cluster('near'), { 'eks:principalArn': RELAY_ROLE }, 'for another'),
    row('eks:CreateAccessEntry', cluster('near'), undefined, 'for anybody'),
    row(
      'eks:CreateAccessEntry',
      cluster('by-policy'),
      { 'eks:principalArn': INSTALLER_ROLE },
      'not installed',
    ),
    row('eks:CreateAccessEntry', cluster('another'), { 'eks:principalArn': INSTALLER_ROLE }),
    row('eks:AssociateAccessPolicy', entry('near', 'fleet-relay-eu-west-1'), admin, 'for another'),
    row('eks:AssociateAccessPolicy', own, { 'eks:policyArn': policy('AmazonEKSAdminPolicy') }),
    row('eks:DeleteAccessEntry', entry('near', 'somebody')),
    row('eks:UpdateAccessEntry', own),
    row('eks:UpdateClusterConfig', cluster('near')),
    row('secretsmanager:GetSecretValue', secret('prod/shop/database')),
    row('iam:PassRole', INSTALLER_ROLE),
    row('sts:AssumeRole', RELAY_ROLE),
  ])('may not %s', async (_, call) => {
    expect(await allows(policies, INSTALLER_ROLE, call)).toBe(false);
  });
});
