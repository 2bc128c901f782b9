import { CfnOutput, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Deployment, Home } from '../../lambda/declarations/deployment.ts';
import type { CompiledConfig } from '../../lambda/model/config.ts';
import { servicesOf } from '../access/services-used.ts';
import { STORE_ACCESS } from '../access/store-access.ts';
import { eventSourcesOf, forwardersOf, resourceNameOf } from '../event-sources.ts';
import { configOfHome } from '../home-config.ts';
import { ManagementTrail } from './management-trail.ts';
import { RelayAlarms } from './relay-alarms.ts';
import { alarmTopic } from './alarm-topic.ts';
import { RelayDashboard } from './relay-dashboard.ts';
import { RelayFunctions, TIMEOUT } from './relay-functions.ts';
import { RelayNetwork } from './relay-network.ts';
import { RelayQueues } from './relay-queues.ts';
import { RelayRole } from './relay-role.ts';
import { RelayTriggers } from './relay-triggers.ts';
import { serviceKey } from './service-key.ts';

/** What a relay is made of. Everything but the first four has a default that is right for production. */
export interface KeyrelayProps {
  /** `config/`, compiled (`readConfig`): all of it, of which this relay takes what its home serves. */
  readonly config: CompiledConfig;
  /** The deployment's part of the same. */
  readonly deployment: Deployment;
  /** Which of `deployment.homes` this is; it must be of the stack's region. */
  readonly home: Home;
  /** Folder that `stageFunctions` made: the bundled functions with their configuration. */
  readonly code: string;
  /**
   * How long logs are kept.
   * @default three months
   */
  readonly logRetention?: logs.RetentionDays;
  /**
   * Batches of events handled at once, 2 to 1000. Ten batches of ten are a hundred changes at once, and a tenth of an account's default
   * concurrency is never touched.
   * @default 10
   */
  readonly pushConcurrency?: number;
  /**
   * Shards reconciled at once, 2 to 1000: a sweep may take its time, and clusters should not feel it.
   * @default 5
   */
  readonly shardConcurrency?: number;
}

/** The relay of one home: functions, queues, triggers, alarms and dashboard. */
export class Keyrelay extends Construct {
  /** The role that reads secrets and calls clusters: the principal of the clusters' access entries. */
  readonly role: iam.Role;
  readonly functions: RelayFunctions;
  readonly queues: RelayQueues;
  readonly topic: sns.ITopic;
  /** Where the functions are in a VPC. */
  readonly network: RelayNetwork | undefined;
  /** The bus that other accounts and regions forward to; undefined where nothing is forwarded. */
  readonly bus: events.EventBus | undefined;

  constructor(scope: Construct, id: string, props: KeyrelayProps) {
    super(scope, id);
    const { deployment, home } = props;
    const config = configOfHome(props.config, deployment, home.name);
    const places = eventSourcesOf(props.config, deployment, home);
    const name = resourceNameOf(deployment, home);
    const encryptionKey = serviceKey(this, name);
    this.role = new RelayRole(this, 'Role', { config, deployment, home }).role;
    this.network = this.networkOf(config, deployment, home);
    this.queues = new RelayQueues(this, 'Queues', {
      encryptionKey,
      pushTimeout: TIMEOUT.push,
      shardTimeout: TIMEOUT['reconcile-shard'],
      rolloutTimeout: TIMEOUT.rollout,
    });
    this.functions = new RelayFunctions(this, 'Functions', {
      name,
      code: props.code,
      role: this.role,
      queues: this.queues,
      encryptionKey,
      account: deployment.account,
      network: this.network,
      logRetention: props.logRetention ?? logs.RetentionDays.THREE_MONTHS,
      pushConcurrency: props.pushConcurrency ?? 10,
      shardConcurrency: props.shardConcurrency ?? 5,
    });
    const accounts = [
      ...new Set([
        deployment.account,
        ...deployment.events.accounts,
        ...places.map(({ account }) => account),
      ]),
    ].toSorted();
    this.bus = this.forwardingBus(name, props, accounts);
    const triggers = new RelayTriggers(this, 'Triggers', {
      name,
      config,
      deployment,
      accounts,
      queues: this.queues,
      reconcile: this.functions.reconcile,
      buses: this.buses(deployment),
    });
    if (deployment.events.trail === 'create') new ManagementTrail(this, 'Trail');
    this.topic = alarmTopic(this, deployment, encryptionKey);
    const { alarms } = new RelayAlarms(this, 'Alarms', {
      name,
      topic: this.topic,
      queues: this.queues,
      functions: this.functions,
      rules: triggers.rules,
      schedule: deployment.schedule,
      propagationSeconds: deployment.alarms.propagationSeconds,
    });
    new RelayDashboard(this, 'Dashboard', {
      name,
      queues: this.queues,
      functions: this.functions.all(),
      alarms,
    });
    new CfnOutput(this, 'DeadLetterQueueUrl', {
      description: 'Where what failed for good waits to be redriven (docs/operations.md)',
      value: this.queues.deadLetter.queueUrl,
    });
    new CfnOutput(this, 'ReconcileNow', {
      description:
        'Reconciles everything now, such as after the first deployment, and not at the next scheduled time',
      value: `aws lambda invoke --region ${home.region} --function-name ${name}-reconcile --invocation-type Event /dev/null`,
    });
  }

  private networkOf(config: CompiledConfig, deployment: Deployment, home: Home): RelayNetwork | undefined {
    if (home.network === undefined) return undefined;
    const groups = config.clusters.flatMap(
      (cluster) => deployment.clusters.get(cluster.name)?.securityGroupId ?? [],
    );
    return new RelayNetwork(this, 'Network', {
      network: home.network,
      region: home.region,
      clusterSecurityGroups: [...new Set(groups)].toSorted(),
      services: servicesOf(config, home.region),
      assumesRoles: config.clusters.some(({ roleArn }) => roleArn !== undefined),
      sendsReceipts: config.settings.receipts !== undefined,
    });
  }

  /** A bus of the relay's own, so that other accounts are let in here and not to the default bus. */
  private forwardingBus(
    name: string,
    { config, deployment, home }: KeyrelayProps,
    accounts: readonly string[],
  ): events.EventBus | undefined {
    const forwarders = forwardersOf(config, deployment, home);
    if (forwarders.length === 0) return undefined;
    const sources = forwarders.map(({ service }) => `aws.${STORE_ACCESS[service].id}`);
    const bus = new events.EventBus(this, 'Bus', { eventBusName: `${name}-events` });
    for (const account of accounts)
      new events.CfnEventBusPolicy(this, `Admit${account}`, {
        eventBusName: bus.eventBusName,
        statementId: `forwarders-${account}`,
        statement: {
          Effect: 'Allow',
          Principal: {
            AWS: Stack.of(this).formatArn({ service: 'iam', region: '', account, resource: 'root' }),
          },
          Action: 'events:PutEvents',
          Resource: bus.eventBusArn,
          // Only what the stores say; a forged one would cost a needless look and no more.
          Condition: { StringEquals: { 'events:source': [...new Set(sources)] } },
        },
      });
    return bus;
  }

  private buses(deployment: Deployment): readonly events.IEventBusRef[] {
    const { busArn } = deployment.events;
    if (busArn !== undefined) return [events.EventBus.fromEventBusArn(this, 'CentralBus', busArn)];
    const standard = events.EventBus.fromEventBusName(this, 'DefaultBus', 'default');
    return this.bus === undefined ? [standard] : [standard, this.bus];
  }
}
