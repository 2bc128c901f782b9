import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DesiredSecret } from '../../../lambda/model/target.ts';
import { Sensitive } from '../../../lambda/sensitive.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { runCase } from '../../conformance/support/run-case.ts';
import { realSecrets } from '../../support/real-cluster.ts';
import { recipes } from '../../support/secret-types.ts';

const signal = new AbortController().signal;
let local: Local;
let cluster: LocalCluster;
let secrets: ReturnType<typeof realSecrets>;

beforeAll(async () => {
  local = await startLocal({ clusters: ['dev'], progress: silentProgress });
  cluster = clusterOf(local, 'dev');
  await cluster.allow('shop');
  secrets = realSecrets(local);
}, 900_000);

afterAll(async () => {
  secrets.close();
  await local.stop();
});

const at = (name: string): DesiredSecret['target'] => ({ cluster: 'dev', namespace: 'shop', name });

/** A Secret as the relay would write it. */
function aSecret(name: string, type: string, data: Readonly<Record<string, string>>): DesiredSecret {
  return {
    target: at(name),
    type,
    labels: { 'app.kubernetes.io/managed-by': 'keyrelay' },
    annotations: { 'keyrelay.dev/creation-policy': 'Owner' },
    data: new Map(
      Object.entries(data).map(([key, value]) => [key, new Sensitive(new TextEncoder().encode(value))]),
    ),
  };
}

describe('the API server takes what the examples of docs/secret-types.md give', () => {
  test.each(recipes().map(({ name, example }) => [name, example] as const))('%s', async (name, example) => {
    const outcome = await runCase(example);
    if (outcome.kind !== 'secret') throw new Error(`${name} gives no Secret`);

    await secrets.create({ ...outcome.secret, target: at(name) }, signal);

    const written = await cluster.admin.secret('shop', name);
    expect(Object.keys(written?.data ?? {}).toSorted()).toEqual([...outcome.secret.data.keys()].toSorted());
  });
});

test.each([
  { type: 'kubernetes.io/dockercfg', data: { '.dockercfg': '{}' } },
  { type: 'example.com/own', data: { anything: 'fake' } },
])('the API server takes $type', async ({ type, data }) => {
  const written = await secrets.create(aSecret(`ok-${type.replace(/\W/gu, '-')}`, type, data), signal);

  expect(written.uid).not.toBe('');
});

describe('a Secret that its type does not allow is refused, and the message names the key', () => {
  test.each([
    { type: 'kubernetes.io/tls', data: { 'tls.crt': 'fake' }, message: 'needs tls.key:' },
    { type: 'kubernetes.io/tls', data: { 'tls.key': 'fake' }, message: 'needs tls.crt:' },
    { type: 'kubernetes.io/tls', data: { other: 'fake' }, message: 'needs tls.crt and tls.key:' },
    { type: 'kubernetes.io/dockerconfigjson', data: { other: 'fake' }, message: 'needs .dockerconfigjson:' },
    { type: 'kubernetes.io/dockercfg', data: { other: 'fake' }, message: 'needs .dockercfg:' },
    { type: 'kubernetes.io/basic-auth', data: { other: 'fake' }, message: 'needs username and password:' },
    { type: 'kubernetes.io/ssh-auth', data: { 'ssh-privatekey': '' }, message: 'needs ssh-privatekey:' },
    {
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': 'c4n4ry-no-json' },
      message: 'takes no such value as .dockerconfigjson',
    },
  ])('$type with $data', async ({ type, data, message }) => {
    const refused = secrets.create(aSecret('wrong', type, data), signal);

    await expect(refused).rejects.toMatchObject({
      code: 'CLUSTER_REJECTED',
      retryable: false,
      message: expect.stringContaining(message),
    });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('c4n4ry') });
    expect(await cluster.admin.secret('shop', 'wrong')).toBeUndefined();
  });
});
