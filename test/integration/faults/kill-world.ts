import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { SQS } from '@aws-sdk/client-sqs';
import type { FunctionName } from '../../../infra/bundle.ts';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import { startClusterProxy } from '../../../local/faults/cluster-proxy.ts';
import type { ClusterProxy } from '../../../local/faults/cluster-proxy.ts';
import { silentProgress } from '../../../local/progress.ts';
import { failuresOf } from '../../../local/relay/pump.ts';
import { clientOptions, depthOf, sqsOf, toSqsEvent } from '../../../local/relay/queues.ts';
import { startRelay } from '../../../local/relay/start-relay.ts';
import type { LocalRelay } from '../../../local/relay/start-relay.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { createDeclaringNamespaces } from '../../support/declared-objects.ts';
import { installKinds } from '../../support/declaring-kinds.ts';
import { openReceipts } from '../../support/receipt-queue.ts';
import type { ReceiptQueue } from '../../support/receipt-queue.ts';

export const NAMESPACE = 'kills';

/** A relay whose messages are handed over one batch at a time, so that one function runs at a time. */
export interface KillWorld {
  readonly local: Local;
  readonly cluster: LocalCluster;
  readonly proxy: ClusterProxy;
  readonly relay: LocalRelay;
  readonly manager: SecretsManager;
  readonly sqs: SQS;
  readonly receipts: ReceiptQueue;
  /** Hands over what is in the queues until they are empty; a message that was not done with is there again at once. */
  deliverAll(before: (name: FunctionName) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

const CONFIG = `
apiVersion: keyrelay.dev/v1
kind: Config
clusters:
  - name: one
    region: eu-west-1
    account: '123456789012'
    namespaces: [${NAMESPACE}]
    declarations: cluster
    allow: [{ namespaces: [${NAMESPACE}], secrets: ['kill-*'] }]
    rollouts: { policy: auto }
stores: []
settings: { rollouts: { debounceSeconds: 0 } }
`;

/** Starts it, with controllers that roll workloads out. */
export async function startKillWorld(): Promise<KillWorld> {
  const local = await startLocal({ clusters: ['one'], progress: silentProgress, controllers: true });
  const cluster = clusterOf(local, 'one');
  const proxy = await startClusterProxy(cluster.registration);
  local.aws.registerCluster({ ...cluster.registration, endpoint: proxy.endpoint, caData: proxy.caData });
  await installKinds(cluster);
  await createDeclaringNamespaces(cluster, [NAMESPACE]);
  const manager = new SecretsManager(clientOptions(local.aws));
  const sqs = sqsOf(local.aws);
  const receipts = await openReceipts(local);
  const relay = await startRelay({
    local,
    compiled: compileOrThrow({ config: { path: 'keyrelay.yaml', text: CONFIG }, declarations: [] }),
    deliveries: 'by hand',
    maxReceiveCount: 50,
  });
  local.aws.chaos.hurry(0);
  const handOver = async (queue: string, name: FunctionName, before: () => Promise<void>): Promise<void> => {
    const { Messages = [] } = await sqs.receiveMessage({
      ...{ QueueUrl: queue, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] },
    });
    if (Messages.length === 0) return;
    await before();
    const all = new Set(Messages.map(({ MessageId = '' }) => MessageId));
    const target = await relay.replaced(name);
    const failed = await target.invoke(toSqsEvent(Messages, local.aws.region)).then(failuresOf, () => all);
    for (const { MessageId = '', ReceiptHandle } of Messages)
      await (failed.has(MessageId)
        ? sqs.changeMessageVisibility({ QueueUrl: queue, ReceiptHandle, VisibilityTimeout: 0 })
        : sqs.deleteMessage({ QueueUrl: queue, ReceiptHandle }));
  };
  const { push, shard, rollout } = relay.queues;
  const queues = [
    [push, 'push'],
    [shard, 'reconcile-shard'],
    [rollout, 'rollout'],
  ] as const;
  return {
    ...{ local, cluster, proxy, relay, manager, sqs, receipts },
    deliverAll: async (before) => {
      const depths = () => Promise.all(queues.map(([queue]) => depthOf(sqs, queue)));
      while ((await depths()).some((depth) => depth > 0))
        for (const [queue, name] of queues) await handOver(queue, name, () => before(name));
    },
    stop: async () => {
      manager.destroy();
      receipts.close();
      sqs.destroy();
      await relay.stop();
      await proxy.close();
      await local.stop();
    },
  };
}
