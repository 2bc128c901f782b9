import type { CompiledConfig } from '../../lambda/model/config.ts';
import { createApiCalls } from '../../lambda/telemetry/api-calls.ts';
import { aCluster, aDeclaration } from './builders.ts';
import { FakeReceipts } from './fake-receipts.ts';
import { FakeSqs } from './fake-sqs.ts';
import { FakeWorkloads } from './fake-workloads.ts';
import { fakePorts } from './fakes.ts';

/** What a handler works with, all of it faked: one cluster and two declarations, where a test says nothing else. */
export function fakeRuntime(changes: Partial<CompiledConfig> = {}) {
  const config: CompiledConfig = {
    formatVersion: 1,
    clusters: [aCluster()],
    stores: [{ name: 'aws', service: 'SecretsManager', region: 'eu-west-1' }],
    settings: { garbageCollection: { maxShare: 1, minimum: 1, graceSeconds: 0 }, clusterConcurrency: 4 },
    declarations: [aDeclaration(), aDeclaration({ name: 'other', target: { name: 'other' } })],
    ...changes,
  };
  return {
    config,
    ports: fakePorts(),
    sqs: new FakeSqs(),
    workloads: new FakeWorkloads(),
    receipts: new FakeReceipts(),
    calls: createApiCalls(),
    maxReceives: 3,
    queues: { pushQueue: 'push', shardQueue: 'shard', rolloutQueue: 'rollout', deadLetterQueue: 'dead' },
  };
}
