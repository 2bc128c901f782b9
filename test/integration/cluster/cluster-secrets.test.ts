import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../lambda/clock.ts';
import { createClusterSecrets } from '../../../lambda/cluster/cluster-secrets.ts';
import { mapLimited } from '../../../lambda/concurrency.ts';
import type { Target, DesiredSecret } from '../../../lambda/model/target.ts';
import { Sensitive } from '../../../lambda/sensitive.ts';
import { silentProgress } from '../../../local/progress.ts';
import { RELAY_ROLE, clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { realSecrets, relaySession, roleSession } from '../../support/real-cluster.ts';

const signal = new AbortController().signal;
let local: Local;
let cluster: LocalCluster;
let secrets: ReturnType<typeof realSecrets>;
let count = 0;

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

/** A Secret that no other test uses. */
function aSecret(
  data: Record<string, string> = { password: 'fake-1' },
  changes: Partial<DesiredSecret> = {},
): DesiredSecret {
  count += 1;
  const target: Target = { cluster: 'dev', namespace: 'shop', name: `s${count}` };
  const bytes = Object.entries(data).map(
    ([key, value]) => [key, new Sensitive(new TextEncoder().encode(value))] as const,
  );
  return {
    target,
    type: undefined,
    labels: { 'app.kubernetes.io/managed-by': 'keyrelay' },
    annotations: { 'keyrelay.dev/creation-policy': 'Owner' },
    data: new Map(bytes),
    ...changes,
  };
}

const with2 = (desired: DesiredSecret, data: Record<string, string>): DesiredSecret => ({
  ...aSecret(data),
  target: desired.target,
});
const dataOf = async ({ target }: DesiredSecret) => (await cluster.admin.secret('shop', target.name))?.data;

describe('a Secret', () => {
  test('that is missing is observed as missing', async () => {
    expect(await secrets.observe(aSecret().target, signal)).toBeUndefined();
  });

  test('is created, and observed by its metadata with the owners of its keys', async () => {
    const desired = aSecret({ a: 'fake', b: '' });

    const written = await secrets.create(desired, signal);
    const observed = await secrets.observe(desired.target, signal);

    expect(await dataOf(desired)).toEqual({ a: 'fake', b: '' });
    expect(observed).toMatchObject({
      ...written,
      labels: desired.labels,
      annotations: desired.annotations,
      terminating: false,
    });
    expect([...(observed?.keyOwners ?? [])].map(([key, owners]) => [key, [...owners]])).toEqual([
      ['a', ['keyrelay']],
      ['b', ['keyrelay']],
    ]);
    expect(observed?.writtenAt).toBeInstanceOf(Date);
  });

  test('that exists is not created again', async () => {
    const desired = aSecret();
    await secrets.create(desired, signal);

    await expect(secrets.create(desired, signal)).rejects.toMatchObject({ code: 'TARGET_CONTENDED' });
  });

  test('is applied under what was observed', async () => {
    const desired = aSecret();
    const written = await secrets.create(desired, signal);

    await secrets.apply(with2(desired, { password: 'fake-2' }), written, signal);

    expect(await dataOf(desired)).toEqual({ password: 'fake-2' });
  });

  test('is never applied over a later change', async () => {
    const desired = aSecret();
    const written = await secrets.create(desired, signal);
    await secrets.apply(with2(desired, { password: 'fake-newer' }), written, signal);

    await expect(
      secrets.apply(with2(desired, { password: 'fake-older' }), written, signal),
    ).rejects.toMatchObject({ code: 'TARGET_CONTENDED' });
    expect(await dataOf(desired)).toEqual({ password: 'fake-newer' });
  });

  test('that was deleted is not created by an apply', async () => {
    const desired = aSecret();
    const written = await secrets.create(desired, signal);
    await secrets.remove(desired.target, written, signal);

    await expect(secrets.apply(desired, written, signal)).rejects.toMatchObject({ code: 'TARGET_CONTENDED' });
    expect(await dataOf(desired)).toBeUndefined();
  });

  test('that was deleted and created anew is another, whatever its name', async () => {
    const desired = aSecret();
    const first = await secrets.create(desired, signal);
    await secrets.remove(desired.target, first, signal);
    const second = await secrets.create(desired, signal);

    await expect(secrets.apply(desired, { ...second, uid: first.uid }, signal)).rejects.toMatchObject({
      code: 'TARGET_CONTENDED',
    });
  });

  test('edited by hand shows another owner, and the apply takes the key back', async () => {
    const desired = aSecret();
    await secrets.create(desired, signal);
    await cluster.admin.patch(`/api/v1/namespaces/shop/secrets/${desired.target.name}`, {
      data: { password: 'YnkgaGFuZA==' },
    });

    const observed = await secrets.observe(desired.target, signal);
    expect([...(observed?.keyOwners.get('password') ?? [])]).toEqual(['kubectl-edit']);
    if (observed === undefined) throw new Error('not observed');
    await secrets.apply(desired, observed, signal);

    expect(await dataOf(desired)).toEqual({ password: 'fake-1' });
    expect((await secrets.observe(desired.target, signal))?.keyOwners.get('password')?.has('keyrelay')).toBe(
      true,
    );
  });

  test('is pruned of keys that others added, and of keys that are gone without complaint', async () => {
    const desired = aSecret();
    const written = await secrets.create(desired, signal);
    await cluster.admin.patch(`/api/v1/namespaces/shop/secrets/${desired.target.name}`, {
      data: { extra: 'eA==' },
    });
    await expect(secrets.prune(desired.target, { keys: ['extra'] }, written, signal)).rejects.toMatchObject({
      code: 'TARGET_CONTENDED',
    });

    const observed = await secrets.observe(desired.target, signal);
    if (observed === undefined) throw new Error('not observed');
    await secrets.prune(desired.target, { keys: ['extra', 'never-there'] }, observed, signal);

    expect(await dataOf(desired)).toEqual({ password: 'fake-1' });
  });

  test('is not deleted after it changed; one that is gone is no error', async () => {
    const desired = aSecret();
    const written = await secrets.create(desired, signal);
    const later = await secrets.apply(with2(desired, { password: 'fake-2' }), written, signal);

    await expect(secrets.remove(desired.target, written, signal)).rejects.toMatchObject({
      code: 'TARGET_CONTENDED',
    });
    await secrets.remove(desired.target, later, signal);
    await secrets.remove(desired.target, later, signal);

    expect(await dataOf(desired)).toBeUndefined();
  });

  test('whose type would change is refused with the remedy', async () => {
    const desired = aSecret({ username: 'u', password: 'p' });
    const written = await secrets.create(desired, signal);

    await expect(
      secrets.apply({ ...desired, type: 'kubernetes.io/basic-auth' }, written, signal),
    ).rejects.toMatchObject({ code: 'TARGET_IMMUTABLE' });
  });

  test('that somebody made immutable is refused with the remedy', async () => {
    const desired = aSecret();
    await secrets.create(desired, signal);
    await cluster.admin.patch(`/api/v1/namespaces/shop/secrets/${desired.target.name}`, { immutable: true });
    const observed = await secrets.observe(desired.target, signal);
    if (observed === undefined) throw new Error('not observed');

    await expect(
      secrets.apply(with2(desired, { password: 'canary-5f1c' }), observed, signal),
    ).rejects.toMatchObject({ code: 'TARGET_IMMUTABLE' });
  });

  test('that validation refuses is rejected by field, without its value', async () => {
    const desired = aSecret({ 'tls.crt': 'canary-5f1c' }, { type: 'kubernetes.io/tls' });

    const refusal = secrets.create(desired, signal);

    await expect(refusal).rejects.toMatchObject({ code: 'CLUSTER_REJECTED' });
    await expect(refusal).rejects.not.toThrow('canary-5f1c');
  });
});

test('a list holds every managed Secret, over several pages, and no other', async () => {
  await cluster.allow('many');
  // One more than fits into a page.
  const names = Array.from({ length: 501 }, (_, n) => `m${String(n).padStart(3, '0')}`);
  await mapLimited(names, 10, (name) =>
    secrets.create(aSecret({ k: 'v' }, { target: { cluster: 'dev', namespace: 'many', name } }), signal),
  );
  await cluster.admin.create('/api/v1/namespaces/many/secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'foreign' },
  });

  const listed = await secrets.listManaged('dev', 'many', signal);

  expect(listed.map(({ target }) => target.name)).toEqual(names);
  expect(listed[0]?.observed.keyOwners.has('k')).toBe(true);
});

describe('what the cluster refuses', () => {
  test.each([
    { what: 'a namespace without the relay’s role', namespace: 'default', code: 'CLUSTER_FORBIDDEN' },
    { what: 'a namespace that does not exist', namespace: 'nowhere', code: 'CLUSTER_FORBIDDEN' },
  ])('$what', async ({ namespace, code }) => {
    const desired = aSecret({ k: 'v' }, { target: { cluster: 'dev', namespace, name: 'x' } });

    await expect(secrets.create(desired, signal)).rejects.toMatchObject({ code });
    await expect(secrets.observe(desired.target, signal)).rejects.toMatchObject({ code });
  });

  test('a relay without an access entry, until it has one', async () => {
    cluster.accessEntries.delete(RELAY_ROLE);
    // The API server remembers a token for some seconds: one that was signed at another second is another token.
    const session = realSecrets(local, { ...systemClock, now: () => new Date(Date.now() - 60_000) });

    await expect(session.observe(aSecret().target, signal)).rejects.toMatchObject({
      code: 'CLUSTER_UNAUTHENTICATED',
      retryable: true,
    });
    cluster.accessEntries.set(RELAY_ROLE, { groups: ['keyrelay'] });

    expect(await session.observe(aSecret().target, signal)).toBeUndefined();
    session.close();
  });

  test('a relay beyond its namespace: nothing but Secrets, and only where it was let in', async () => {
    const session = relaySession(local, 'dev');
    const get = (path: string) =>
      session.send(
        { asked: { where: path, namespace: '', verb: 'get' }, method: 'GET', path, headers: {} },
        signal,
      );

    for (const path of [
      '/api/v1/secrets',
      '/api/v1/namespaces',
      '/api/v1/namespaces/kube-system/secrets',
      '/api/v1/namespaces/shop/configmaps',
      '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles',
    ]) {
      expect((await get(path)).status).toBe(403);
    }
    session.close();
  });
});

test('a cluster with a role of its own is reached as that role, and not without its access entry', async () => {
  const role = 'arn:aws:iam::123456789012:role/keyrelay-cluster-access';
  const session = roleSession(local, 'dev', role);
  const asRole = createClusterSecrets(() => session);

  await expect(asRole.observe(aSecret().target, signal)).rejects.toMatchObject({
    code: 'CLUSTER_UNAUTHENTICATED',
  });
  cluster.accessEntries.set(role, { groups: ['keyrelay'] });

  expect(await asRole.observe(aSecret().target, signal)).toBeUndefined();
  session.close();
});

test('a call whose time is over ends with DEADLINE', async () => {
  await expect(secrets.observe(aSecret().target, AbortSignal.abort())).rejects.toMatchObject({
    code: 'DEADLINE',
  });
});

test('a cluster that EKS does not know, and one that does not answer, are told apart', async () => {
  const unknown = relaySession(local, 'unknown');
  const request = {
    asked: { where: 'x', namespace: 'shop', verb: 'get' as const },
    method: 'GET' as const,
    path: '/api',
    headers: {},
  };
  await expect(unknown.send(request, signal)).rejects.toMatchObject({ code: 'CLUSTER_NOT_FOUND' });

  local.aws.registerCluster({
    name: 'down',
    endpoint: 'https://127.0.0.1:9',
    caData: Buffer.from('no certificate').toString('base64'),
  });
  await expect(relaySession(local, 'down').send(request, signal)).rejects.toThrow(
    /^CLUSTER_(UNREACHABLE|TLS)/u,
  );
});
