import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { SSM } from '@aws-sdk/client-ssm';
import type { ParameterType } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import type { Compiled } from '../../../lambda/declarations/compile.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clientOptions } from '../../../local/relay/queues.ts';
import { startRelay } from '../../../local/relay/start-relay.ts';
import type { LocalRelay } from '../../../local/relay/start-relay.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { until } from '../../support/until.ts';

/** Parameter Store by the SDK's real client against the emulator, its own event, and the Secrets of a real API server. */
let local: Local;
let relay: LocalRelay;
let ssm: SSM;
let cluster: LocalCluster;

const CONFIG = `
apiVersion: keyrelay.dev/v1
kind: Config
clusters:
  - { name: one, region: eu-west-1, account: '123456789012', namespaces: [shop] }
stores:
  - { name: parameters, secrets: [/shop/*, flag], provider: { aws: { service: ParameterStore, region: eu-west-1 } } }
settings:
  garbageCollection: { graceSeconds: 0, maxShare: 0.5 }
`;

function configOf(...specs: readonly (readonly [name: string, spec: string])[]): Compiled {
  return compileOrThrow({
    config: { path: 'keyrelay.yaml', text: CONFIG },
    declarations: specs.map(([name, spec]) => ({
      path: `${name}.yaml`,
      text: `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: ${name}, namespace: shop, annotations: { keyrelay.dev/clusters: one } }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: parameters }
  ${spec}
`,
    })),
  });
}

const one = (ref: string): string => `data: [{ secretKey: value, remoteRef: { ${ref} } }]`;
const put = (name: string, value: string, type: ParameterType = 'SecureString') =>
  ssm.putParameter({ Name: name, Value: value, Type: type, Overwrite: true });
const dataOf = async (name: string): Promise<unknown> => (await cluster.admin.secret('shop', name))?.data;
const arrives = async (name: string, data: object): Promise<void> => {
  await until(async () => isDeepStrictEqual(await dataOf(name), data));
};

beforeAll(async () => {
  local = await startLocal({ clusters: ['one'], progress: silentProgress });
  cluster = clusterOf(local, 'one');
  await cluster.allow('shop');
  ssm = new SSM(clientOptions(local.aws));
  relay = await startRelay({ local, compiled: configOf(), maxReceiveCount: 2, visibilitySeconds: 10 });
}, 900_000);

afterAll(async () => {
  ssm.destroy();
  await relay.stop();
  await local.stop();
});

test('a parameter of each type reaches the Secret by the sweep, and by its event from then on', async () => {
  await put('/shop/types/text', 'fake-text', 'String');
  await put('/shop/types/list', 'fake-a,fake-b', 'StringList');
  await put('/shop/types/json', '{"password":"fake-1"}');
  await put('flag', 'fake-on', 'String');
  await relay.redeploy(
    configOf([
      'types',
      `data:
    - { secretKey: text, remoteRef: { key: /shop/types/text } }
    - { secretKey: list, remoteRef: { key: /shop/types/list } }
    - { secretKey: password, remoteRef: { key: '/shop/types/json', property: password } }
    - { secretKey: flag, remoteRef: { key: flag } }
    - { secretKey: arn, remoteRef: { key: 'arn:aws:ssm:eu-west-1:123456789012:parameter/shop/types/text' } }`,
    ]),
  );
  const expected = {
    arn: 'fake-text',
    flag: 'fake-on',
    list: 'fake-a,fake-b',
    password: 'fake-1',
    text: 'fake-text',
  };

  await relay.sweep();
  expect(await dataOf('types')).toEqual(expected);

  await put('/shop/types/json', '{"password":"fake-2"}');
  await arrives('types', { ...expected, password: 'fake-2' });
});

test('a label that moves, forward and back, moves what the Secret holds', async () => {
  await put('/shop/label', 'fake-1');
  await put('/shop/label', 'fake-2');
  const label = (version: number) =>
    ssm.labelParameterVersion({ Name: '/shop/label', ParameterVersion: version, Labels: ['live'] });
  await label(1);
  await relay.redeploy(
    configOf(
      ['label', one('key: /shop/label, version: live')],
      ['number', one("key: /shop/label, version: '1'")],
    ),
  );
  await relay.sweep();
  expect([await dataOf('label'), await dataOf('number')]).toEqual([{ value: 'fake-1' }, { value: 'fake-1' }]);

  await label(2);
  await arrives('label', { value: 'fake-2' });

  await label(1);
  await arrives('label', { value: 'fake-1' });
});

test('a find follows parameters that come and go', async () => {
  await put('/shop/find/a', 'fake-a');
  const find = `dataFrom:
    - find: { path: /shop/find, name: { regexp: . } }
      rewrite: [{ regexp: { source: '^/shop/find/', target: '' } }]`;
  await relay.redeploy(configOf(['find', find]));
  await relay.sweep();
  expect(await dataOf('find')).toEqual({ a: 'fake-a' });

  await put('/shop/find/b', 'fake-b');
  await arrives('find', { a: 'fake-a', b: 'fake-b' });

  await ssm.deleteParameter({ Name: '/shop/find/a' });
  await arrives('find', { b: 'fake-b' });
});

test('a deleted parameter leaves, empties or deletes the Secret, as its deletionPolicy says', async () => {
  const spec = (policy: string): string =>
    `${one('key: /shop/gone')}\n  target: { deletionPolicy: ${policy} }`;
  await put('/shop/gone', 'fake-value');
  await relay.redeploy(
    configOf(['retain', spec('Retain')], ['merge', spec('Merge')], ['delete', spec('Delete')]),
  );
  await relay.sweep();
  expect(await dataOf('delete')).toEqual({ value: 'fake-value' });

  await ssm.deleteParameter({ Name: '/shop/gone' });
  await until(async () => (await cluster.admin.secret('shop', 'delete')) === undefined);
  await until(async () => JSON.stringify((await dataOf('merge')) ?? {}) === '{}');
  await relay.settled();

  expect(await dataOf('retain')).toEqual({ value: 'fake-value' });
});

test('tags reach the Secret, and a sweep finds that they changed', async () => {
  await put('/shop/tagged', 'fake-value');
  const tag = (Value: string) =>
    ssm.addTagsToResource({
      ResourceType: 'Parameter',
      ResourceId: '/shop/tagged',
      Tags: [{ Key: 'team', Value }],
    });
  await tag('shop');
  await relay.redeploy(configOf(['tags', one('key: /shop/tagged, metadataPolicy: Fetch, property: team')]));
  await relay.sweep();
  expect(await dataOf('tags')).toEqual({ value: 'shop' });

  await tag('web');
  await relay.sweep();
  expect(await dataOf('tags')).toEqual({ value: 'web' });
});

test('a throttled read is repeated until it passes', async () => {
  await put('/shop/slow', 'fake-1');
  await relay.redeploy(configOf(['slow', one('key: /shop/slow')]));
  local.aws.chaos.throttle('GetParameters', 3);

  await relay.sweep();

  expect(await dataOf('slow')).toEqual({ value: 'fake-1' });
});

test('a read that a lagging replica answers is not taken for what the event told', async () => {
  await put('/shop/stale', 'fake-1');
  await relay.redeploy(configOf(['stale', one('key: /shop/stale')]));
  await relay.sweep();
  // Older than the event may be dated after its change.
  await sleep(4000);
  local.aws.chaos.stale('/shop/stale', 1);

  await put('/shop/stale', 'fake-2');

  await arrives('stale', { value: 'fake-2' });
});

test('a sweep of what is in sync reads no parameter', async () => {
  await put('/shop/calm', 'fake-1');
  await relay.redeploy(configOf(['calm', one('key: /shop/calm')]));
  await relay.sweep();
  local.aws.chaos.resetCalls();

  await relay.sweep();

  const calls = [...local.aws.chaos.calls()].filter(([name]) => name.startsWith('ssm:'));
  expect(calls).toEqual([['ssm:DescribeParameters', 1]]);
});
