import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from '@jest/globals';
import { METRIC } from '../../lambda/contract.ts';
import type { Resource } from '../support/resolved-template.ts';
import { fieldsOf, resolved } from '../support/resolved-template.ts';
import { templateOf } from '../support/templates.ts';

const home = { account: '111122223333', region: 'eu-west-1' };
const template = templateOf('example', 'keyrelay-relay-eu-west-1');
const resources = resolved(template, home);
const fleet = resolved(templateOf('fleet', 'fleet-relay-eu-west-1'), home);
const inside = resolved(templateOf('private', 'inside-relay-eu-central-1'), {
  ...home,
  region: 'eu-central-1',
});

function ofType(
  type: string,
  from: ReadonlyMap<string, Resource> = resources,
): readonly (readonly [string, Resource['Properties']])[] {
  return [...from]
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]) => [id, Properties] as const);
}

function one(
  type: string,
  part: string,
  from: ReadonlyMap<string, Resource> = resources,
): Resource['Properties'] {
  const found = ofType(type, from).filter(([id]) => id.includes(part));
  expect([part, found.length]).toEqual([part, 1]);
  return found[0]?.[1] ?? {};
}

const arn = (part: string): string => {
  const [[id] = ['']] = ofType('AWS::SQS::Queue').filter(([key]) => key.includes(part));
  return `arn:aws:sqs:eu-west-1:111122223333:${id}`;
};

describe('functions', () => {
  test.each(['push', 'reconcile', 'reconcile-shard', 'rollout'])(
    '%s runs the bundle on Node 24, arm64, traced',
    (name) => {
      const [, properties] =
        ofType('AWS::Lambda::Function').find(([, item]) => item['FunctionName'] === `keyrelay-${name}`) ?? [];

      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogGroup: expect.stringContaining(name.replace('-', '')) },
        Environment: {
          Variables: {
            KEYRELAY_ACCOUNT: '111122223333',
            KEYRELAY_PUSH_QUEUE_URL: expect.stringContaining('QueuesPush'),
            KEYRELAY_SHARD_QUEUE_URL: expect.stringContaining('QueuesShard'),
            KEYRELAY_DEAD_LETTER_QUEUE_URL: expect.stringContaining('QueuesDeadLetter'),
            POWERTOOLS_SERVICE_NAME: 'keyrelay',
            POWERTOOLS_LOG_LEVEL: 'INFO',
          },
        },
      });
      expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
    },
  );

  test('keep their logs for three months, under the relay’s own key', () => {
    const groups = ofType('AWS::Logs::LogGroup').map(([, item]) => item);

    expect(groups.map(({ LogGroupName }) => LogGroupName)).toEqual([
      '/aws/lambda/keyrelay-push',
      '/aws/lambda/keyrelay-reconcile-shard',
      '/aws/lambda/keyrelay-rollout',
      '/aws/lambda/keyrelay-reconcile',
    ]);
    expect(groups.map(({ RetentionInDays, KmsKeyId }) => [RetentionInDays, KmsKeyId])).toEqual(
      groups.map(() => [90, expect.stringContaining(':key/')]),
    );
  });

  test('keep the heap of a sweep far below the memory that it is given, and leave the others to Node', () => {
    const options = ofType('AWS::Lambda::Function').flatMap(
      ([, { FunctionName, MemorySize, Environment }]) => {
        const [, heap] = /--max-old-space-size=(\d+)/u.exec(JSON.stringify(Environment ?? {})) ?? [];
        return heap === undefined ? [] : [[FunctionName, Number(heap) <= Number(MemorySize) / 2]];
      },
    );

    expect(options).toEqual([['keyrelay-reconcile-shard', true]]);
  });

  test.each([
    [
      'QueuesPush',
      { BatchSize: 10, MaximumBatchingWindowInSeconds: 1, ScalingConfig: { MaximumConcurrency: 10 } },
    ],
    ['QueuesShard', { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 5 } }],
  ])('of %s answer for each message of a batch, so many at once', (queue, expected) => {
    const mappings = ofType('AWS::Lambda::EventSourceMapping').map(([, item]) => item);

    expect(mappings.filter(({ EventSourceArn }) => EventSourceArn === arn(queue))).toEqual([
      expect.objectContaining({ ...expected, FunctionResponseTypes: ['ReportBatchItemFailures'] }),
    ]);
  });
});

describe('queues', () => {
  test('are encrypted with the relay’s key and refuse what is not', () => {
    const policies = ofType('AWS::SQS::QueuePolicy').map(([, item]) => JSON.stringify(item));

    for (const [, item] of ofType('AWS::SQS::Queue')) expect(item['KmsMasterKeyId']).toMatch(/:key\//u);
    expect(policies.filter((text) => text.includes('"aws:SecureTransport":"false"'))).toHaveLength(4);
    expect(one('AWS::KMS::Key', 'Key')).toMatchObject({ EnableKeyRotation: true });
  });

  test.each([
    ['QueuesPush', 'push', 6 * 60],
    ['QueuesShard', 'reconcile-shard', 6 * 300],
    ['QueuesRollout', 'rollout', 6 * 60],
  ])(
    '%s hides a message for six times as long as %s may run, and gives up to the dead-letter queue',
    (id, name, visibility) => {
      const [, handler] =
        ofType('AWS::Lambda::Function').find(([, item]) => item['FunctionName'] === `keyrelay-${name}`) ?? [];

      expect(Number(handler?.['Timeout']) * 6).toBe(visibility);
      expect(one('AWS::SQS::Queue', id)).toMatchObject({
        VisibilityTimeout: visibility,
        RedrivePolicy: { deadLetterTargetArn: arn('QueuesDeadLetter'), maxReceiveCount: 10 },
      });
    },
  );

  test('of dead letters keeps them as long as SQS does', () => {
    expect(one('AWS::SQS::Queue', 'QueuesDeadLetter')).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 });
  });

  test('admit events of the relay’s rules only', () => {
    const statements = ofType('AWS::SQS::QueuePolicy')
      .flatMap(([, item]) => {
        const list = fieldsOf(item['PolicyDocument'])['Statement'];
        return Array.isArray(list) ? list.map(fieldsOf) : [];
      })
      .filter(({ Effect }) => Effect === 'Allow');
    const rules = ofType('AWS::Events::Rule').map(
      ([id]) => `arn:aws:events:eu-west-1:111122223333:rule/${id}`,
    );

    expect(statements.length).toBeGreaterThan(0);
    for (const { Action, Principal, Condition } of statements) {
      expect([Action, Principal]).toEqual(['sqs:SendMessage', { Service: 'events.amazonaws.com' }]);
      expect(rules).toContain(fieldsOf(fieldsOf(Condition)['ArnEquals'])['aws:SourceArn']);
    }
  });
});

describe('triggers', () => {
  test.each(['LabelUpdated', 'CloudTrail'])(
    '%s feeds the push queue, and the dead-letter queue where that fails',
    (id) => {
      expect(one('AWS::Events::Rule', id)).toMatchObject({
        State: 'ENABLED',
        EventBusName: 'default',
        Targets: [
          {
            Arn: arn('QueuesPush'),
            DeadLetterConfig: { Arn: arn('QueuesDeadLetter') },
            RetryPolicy: { MaximumEventAgeInSeconds: 86_400 },
          },
        ],
      });
    },
  );

  test('the schedule is the configuration’s, and begins a sweep', () => {
    expect(one('AWS::Events::Rule', 'Schedule')).toMatchObject({
      ScheduleExpression: 'rate(1 hour)',
      Targets: [
        {
          Arn: expect.stringContaining(':function:keyrelay-reconcile'),
          DeadLetterConfig: { Arn: arn('QueuesDeadLetter') },
        },
      ],
    });
    expect(one('AWS::Events::Rule', 'Schedule', fleet)).toMatchObject({
      ScheduleExpression: 'rate(30 minutes)',
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: Match.anyValue(),
    });
  });

  test('a sweep that fails for good is told by the dead-letter queue', () => {
    const [, reconcile] =
      ofType('AWS::Lambda::Function').find(([, item]) => item['FunctionName'] === 'keyrelay-reconcile') ?? [];

    expect(reconcile).toMatchObject({ DeadLetterConfig: { TargetArn: arn('QueuesDeadLetter') } });
  });

  test('a central bus takes the place of the default one', () => {
    const buses = ofType('AWS::Events::Rule', inside).map(([, { EventBusName }]) => EventBusName);

    expect(buses.filter((name) => name !== undefined)).toEqual(['central', 'central', 'central']);
  });

  test('events from elsewhere come by a bus of the relay’s own, which admits the declared accounts and no others', () => {
    const us = resolved(templateOf('fleet', 'fleet-relay-us'), { ...home, region: 'us-east-1' });

    expect(ofType('AWS::Events::EventBus', us).map(([, { Name }]) => Name)).toEqual(['fleet-us-events']);
    expect(ofType('AWS::Events::EventBusPolicy', us).map(([, { Statement }]) => Statement)).toEqual(
      ['111122223333', '444455556666'].map((account) =>
        expect.objectContaining({
          Action: 'events:PutEvents',
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Condition: { StringEquals: { 'events:source': ['aws.secretsmanager'] } },
        }),
      ),
    );
    expect(ofType('AWS::Events::EventBusPolicy', fleet).map(([, { Statement }]) => Statement)).toEqual(
      ['111122223333', '444455556666'].map(() =>
        expect.objectContaining({ Condition: { StringEquals: { 'events:source': ['aws.ssm'] } } }),
      ),
    );
    expect(ofType('AWS::Events::EventBus')).toEqual([]);
  });

  test('a service that nothing is read from has no rule, here or in a place that forwards', () => {
    const forwarder = resolved(templateOf('fleet', 'fleet-events-444455556666-eu-west-1'), home);
    const rules = (from: ReadonlyMap<string, Resource>): readonly string[] =>
      ofType('AWS::Events::Rule', from).map(([id]) => id.replace(/^KeyrelayTriggers|[0-9A-F]{8}$/gu, ''));

    expect(rules(resources).toSorted()).toEqual(['CloudTrail', 'LabelUpdated', 'Schedule']);
    expect(rules(forwarder)).toEqual(['ParameterChange']);
  });

  test('events of another place are forwarded to the bus of each relay that needs them', () => {
    const forwarder = resolved(templateOf('fleet', 'fleet-events-444455556666-us-east-1'), {
      account: '444455556666',
      region: 'us-east-1',
    });

    for (const id of ['LabelUpdated', 'CloudTrail'])
      expect(one('AWS::Events::Rule', id, forwarder)).toMatchObject({
        Targets: [
          {
            Arn: 'arn:aws:events:us-east-1:111122223333:event-bus/fleet-us-events',
            DeadLetterConfig: { Arn: expect.stringContaining('Undelivered') },
          },
        ],
      });
    expect(one('AWS::CloudWatch::Alarm', 'Undelivered', forwarder)).toMatchObject({ Threshold: 0 });
  });

  test('a trail is made where the configuration asks for it', () => {
    expect(ofType('AWS::CloudTrail::Trail')).toEqual([]);
    expect(one('AWS::CloudTrail::Trail', 'Trail', fleet)).toMatchObject({
      IsLogging: true,
      EnableLogFileValidation: true,
      EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'WriteOnly' }],
    });
    expect(
      fleet.get([...fleet.keys()].find((id) => id.includes('TrailBucket') && !id.includes('Policy')) ?? ''),
    ).toMatchObject({
      Type: 'AWS::S3::Bucket',
    });
    expect(
      Object.values(templateOf('fleet', 'fleet-relay-eu-west-1').findResources('AWS::S3::Bucket')),
    ).toMatchObject([{ DeletionPolicy: 'Retain' }]);
  });
});

describe('the relay’s role', () => {
  test('has a name and a logical id that never change, because access entries store its unique id', () => {
    for (const [found, name] of [
      [resources, 'keyrelay-relay-eu-west-1'],
      [fleet, 'fleet-relay-eu-west-1'],
      [inside, 'inside-relay-eu-central-1'],
    ] as const)
      expect(found.get('RelayRole')).toMatchObject({
        Type: 'AWS::IAM::Role',
        Properties: { RoleName: name },
      });
  });
});

describe('a relay in a VPC', () => {
  const own = one('AWS::EC2::SecurityGroup', 'NetworkFunctions', inside);

  test('places every function in the declared subnets, with a group that only calls out by HTTPS', () => {
    const functions = ofType('AWS::Lambda::Function', inside).map(([, { VpcConfig }]) => VpcConfig);

    expect(functions).toEqual(
      functions.map(() => ({
        SubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
        SecurityGroupIds: [expect.stringContaining('NetworkFunctions')],
      })),
    );
    expect(own).toMatchObject({
      VpcId: 'vpc-0123456789abcdef0',
      SecurityGroupEgress: [{ FromPort: 443, ToPort: 443, IpProtocol: 'tcp', CidrIp: '0.0.0.0/0' }],
    });
    expect(own).not.toHaveProperty('SecurityGroupIngress');
  });

  test('has the endpoints that it calls, and is let in by the cluster', () => {
    expect(ofType('AWS::EC2::VPCEndpoint', inside).map(([, { ServiceName }]) => ServiceName)).toEqual(
      ['secretsmanager', 'ssm', 'sqs', 'eks', 'events'].map((name) => `com.amazonaws.eu-central-1.${name}`),
    );
    expect(ofType('AWS::EC2::SecurityGroupIngress', inside).map(([, item]) => item)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ GroupId: 'sg-0123456789abcdef0', FromPort: 443, ToPort: 443 }),
      ]),
    );
  });

  test('is in none where the configuration names none', () => {
    for (const [, item] of ofType('AWS::Lambda::Function')) expect(item).not.toHaveProperty('VpcConfig');
  });
});

const OPERATIONS = readFileSync('docs/operations.md', 'utf8');

describe('alarms', () => {
  const alarms = new Map(
    ofType('AWS::CloudWatch::Alarm').map(([, item]) => [String(item['AlarmName']), item]),
  );

  test('tell of everything that somebody must know, each with its runbook, to the topic', () => {
    expect([...alarms.keys()].toSorted()).toEqual(
      [
        'dead-letters',
        'errors',
        'failed-invocations',
        'in-sync',
        'propagation',
        'push-failures',
        'queue-age',
        'receipt-failures',
        'reconcile-age',
        'rollout-age',
        'rollout-failures',
        'sweep-duration',
        'throttles',
      ].map((id) => `keyrelay-${id}`),
    );
    for (const [name, { AlarmDescription, AlarmActions, OKActions }] of alarms) {
      expect(AlarmDescription).toContain(`docs/operations.md#${name.replace('keyrelay-', '')}`);
      expect(OPERATIONS).toContain(`\n### ${name.replace('keyrelay-', '')}\n`);
      expect([AlarmActions, OKActions]).toEqual([[expect.any(String)], [expect.any(String)]]);
    }
  });

  test('of a sweep that does not begin breach where there is nothing to see', () => {
    expect(alarms.get('keyrelay-reconcile-age')).toMatchObject({
      TreatMissingData: 'breaching',
      EvaluationPeriods: 2,
      ComparisonOperator: 'LessThanThreshold',
    });
  });

  test('of the share in sync divides the sums of one interval', () => {
    const { Metrics, ...alarm } = alarms.get('keyrelay-in-sync') ?? {};

    expect(alarm).toMatchObject({
      Threshold: 95,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'notBreaching',
    });
    const sum = (Id: string, MetricName: string) =>
      expect.objectContaining({
        Id,
        ReturnData: false,
        MetricStat: {
          Metric: {
            Namespace: 'Keyrelay',
            MetricName,
            Dimensions: [{ Name: 'service', Value: 'keyrelay' }],
          },
          Period: 3600,
          Stat: 'Sum',
        },
      });
    expect(Metrics).toEqual([
      expect.objectContaining({ Expression: '100 * inSync / swept' }),
      sum('inSync', 'SweptTargetsInSync'),
      sum('swept', 'SweptTargets'),
    ]);
  });

  test('of sweeps breach when the longest takes longer than the schedule’s interval', () => {
    expect(alarms.get('keyrelay-sweep-duration')).toMatchObject({
      MetricName: 'SweepDuration',
      Statistic: 'Maximum',
      Period: 3600,
      Threshold: 3_600_000,
    });
  });

  test('of receipts breach with the first that is not taken', () => {
    expect(alarms.get('keyrelay-receipt-failures')).toMatchObject({
      MetricName: 'ReceiptsFailed',
      Statistic: 'Sum',
      Threshold: 0,
      EvaluationPeriods: 1,
    });
  });

  test('of slow changes use the configured limit', () => {
    expect(alarms.get('keyrelay-propagation')).toMatchObject({
      Namespace: 'Keyrelay',
      MetricName: 'PropagationLatency',
      Dimensions: [{ Name: 'service', Value: 'keyrelay' }],
      Threshold: 60_000,
    });
    expect(one('AWS::CloudWatch::Alarm', 'Alarmspropagation', fleet)).toMatchObject({ Threshold: 30_000 });
  });

  test('go to the declared topic, or to one of the relay’s own with the declared addresses', () => {
    const topics = (from: ReadonlyMap<string, Resource>): readonly unknown[] =>
      ofType('AWS::CloudWatch::Alarm', from).flatMap(([, { AlarmActions }]) => AlarmActions);

    expect(new Set(topics(inside))).toEqual(new Set(['arn:aws:sns:eu-central-1:111122223333:pages']));
    expect(ofType('AWS::SNS::Topic', inside)).toEqual([]);
    expect(ofType('AWS::SNS::Subscription', fleet).map(([, item]) => item)).toEqual([
      expect.objectContaining({ Protocol: 'email', Endpoint: 'platform@example.com' }),
    ]);
    expect(one('AWS::SNS::Topic', 'Topic', fleet)['KmsMasterKeyId']).toMatch(/:key\//u);
  });
});

test('the dashboard answers its questions', () => {
  const body = JSON.stringify(one('AWS::CloudWatch::Dashboard', 'Dashboard'));

  for (const question of [
    'Is everything in sync?',
    'How much was in sync before the sweep?',
    'How long does a sweep take?',
    'How long does a change take to arrive?',
    'How long until the last pod has a change?',
    'What is failing, and where?',
    'What could not be told?',
    'Which APIs are called, and how often?',
  ])
    expect(body).toContain(question);
  for (const { name } of Object.values(METRIC)) expect(body).toContain(name);
  expect(body).toContain('{Keyrelay,api,service} MetricName=');
});
