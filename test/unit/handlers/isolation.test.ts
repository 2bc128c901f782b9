import { expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import { serializeAsk, serializeRetry } from '../../../lambda/events/sqs-message.ts';
import { handlePush } from '../../../lambda/handlers/handle-push.ts';
import type { SourceChange } from '../../../lambda/model/change.ts';
import type { CompiledConfig } from '../../../lambda/model/config.ts';
import type { ClusterObjects } from '../../../lambda/model/ports.ts';
import { aCluster, aDeclaration, aText } from '../../support/builders.ts';
import { fakeRuntime } from '../../support/fake-runtime.ts';
import { context, eventOf, failing, labelEvent } from '../../support/invocations.ts';
import { until } from '../../support/until.ts';
import { CLUSTER, aStore, anExternalSecret, objects } from '../declarations/cluster-objects.ts';

const declaring = (name: string) => ({ ...CLUSTER, name });
const rollouts = { policy: 'auto', reloader: 'absent' } as const;
const CONFIG: Partial<CompiledConfig> = {
  clusters: [aCluster({ rollouts }), declaring('prod-eu'), declaring('silent')],
  declarations: [aDeclaration({ name: 'filed', clusters: ['dev', 'silent'], target: { name: 'filed' } })],
};
const DECLARED = anExternalSecret('shop', 'prod/shop/db');
const OBJECTS = objects({
  externalSecrets: [DECLARED],
  secretStores: [aStore('shop')],
});
const change: SourceChange = {
  eventId: 'event-1',
  service: 'SecretsManager',
  time: new Date('2025-01-01T00:00:00Z'),
  region: 'eu-west-1',
  account: '111122223333',
  kind: 'value',
  ids: ['prod/shop/db'],
  versionId: 'version-1',
};
const changeOf = (name: string) => eventOf(labelEvent(name));

/** Two clusters that declare `shop/db` themselves, of which one answers when it is let, and one for which files declare. */
function start() {
  const runtime = fakeRuntime(CONFIG);
  const silent = Promise.withResolvers<ClusterObjects>();
  const asked: string[] = [];
  const list = (cluster: string): Promise<ClusterObjects> => {
    asked.push(cluster);
    return cluster === 'silent' ? silent.promise : Promise.resolve(OBJECTS);
  };
  for (const store of ['prod-eu/shop/aws', 'silent/shop/aws'])
    runtime.ports.source.set({ store, key: 'prod/shop/db', version: 'AWSCURRENT' }, aText('fake'));
  runtime.ports.reports.read = () => Promise.resolve(DECLARED);
  const declared = { list, namespaces: () => Promise.resolve([]) };
  return { runtime: { ...runtime, ports: { ...runtime.ports, declared } }, silent, asked };
}

const timeout = new RelayError('CLUSTER_TIMEOUT', 'silent: no answer in time for list');

test('a cluster that does not say what it declares delays no other that does', async () => {
  const { runtime, silent } = start();
  const { objects: written } = runtime.ports.secrets;

  const pushing = handlePush(changeOf('prod/shop/db'), context, runtime);
  await until(() => Promise.resolve(written.has('prod-eu/shop/db')));
  silent.reject(timeout);

  expect(await pushing).toEqual(failing());
  expect(runtime.sqs.sent()).toEqual([`push ${serializeAsk({ cluster: 'silent', change: read(runtime) })}`]);
});

test('what files declare waits for no cluster, and its rollouts are on their way', async () => {
  const { runtime, silent } = start();
  const rolledOut = () => runtime.sqs.sent().some((line) => line.startsWith('rollout '));

  const pushing = handlePush(changeOf('shop/db'), context, runtime);
  await until(() => Promise.resolve(rolledOut()));

  expect([...runtime.ports.secrets.objects.keys()].toSorted()).toEqual([
    'dev/shop/filed',
    'silent/shop/filed',
  ]);
  silent.resolve(OBJECTS);
  expect(await pushing).toEqual(failing());
});

test('a cluster whose Secrets are not answered for delays none whose are', async () => {
  const { runtime, silent } = start();
  const held = Promise.withResolvers<undefined>();
  runtime.ports.secrets.before = (_, target) => (target === 'silent/shop/filed' ? held.promise : undefined);
  silent.resolve(OBJECTS);

  const pushing = handlePush(changeOf('shop/db'), context, runtime);
  await until(() => Promise.resolve(runtime.sqs.sent().some((line) => line.startsWith('rollout '))));
  held.reject(new RelayError('CLUSTER_TIMEOUT', 'silent'));

  expect(await pushing).toEqual(failing());
  expect(runtime.sqs.sent()).toContainEqual(
    expect.stringMatching(/^push .*"shop\/filed","cluster":"silent"/u),
  );
});

test('a cluster that is asked again gets what it declares, and no other cluster is asked', async () => {
  const { runtime, silent, asked } = start();
  silent.resolve(OBJECTS);

  const response = await handlePush(eventOf(serializeAsk({ cluster: 'silent', change })), context, runtime);

  expect(response).toEqual(failing());
  expect(asked).toEqual(['silent']);
  expect([...runtime.ports.secrets.objects.keys()]).toEqual(['silent/shop/db']);
});

test('a cluster that still does not answer is asked again later', async () => {
  const { runtime, silent } = start();
  silent.reject(timeout);

  const response = await handlePush(eventOf(serializeAsk({ cluster: 'silent', change })), context, runtime);

  expect(response).toEqual(failing('m0'));
  expect(runtime.sqs.postponed).toMatchObject([{ ReceiptHandle: 'r0', VisibilityTimeout: 5 }]);
});

test('a retry of what files declare asks no cluster', async () => {
  const { runtime, asked } = start();
  const retry = serializeRetry({ declaration: 'shop/filed', cluster: 'silent', change: undefined });

  expect(await handlePush(eventOf(retry), context, runtime)).toEqual(failing());
  expect(asked).toEqual([]);
});

test('an ask that cannot be sent keeps its message', async () => {
  const { runtime, silent } = start();
  silent.reject(timeout);
  runtime.sqs.refuses = (body) => body.includes('keyrelay.ask');

  expect(await handlePush(changeOf('prod/shop/db'), context, runtime)).toEqual(failing('m0'));
});

/** The change as it was received, by the clock of the test. */
function read({ ports }: Pick<ReturnType<typeof start>['runtime'], 'ports'>): SourceChange {
  return { ...change, received: ports.clock.now() };
}
