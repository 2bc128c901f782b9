import { expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import { createSecretCredentials } from '../../../lambda/identity/secret-credentials.ts';
import { templateObjectId } from '../../../lambda/model/declaration.ts';
import type { SecretOrigin } from '../../../lambda/model/identity.ts';
import type { TemplateObjects } from '../../../lambda/model/source.ts';
import { Sensitive } from '../../../lambda/sensitive.ts';

const signal = new AbortController().signal;
const ID = 'AKIAFAKEFAKEFAKEFAKE';
const KEY = 'canary-5f1c-canary-5f1c';
const keyRef = (key: string, name = 'aws', namespace = 'shop') => ({ namespace, name, key });
const ORIGIN: SecretOrigin = {
  kind: 'secret',
  cluster: 'prod',
  accessKeyId: keyRef('id'),
  secretAccessKey: keyRef('key'),
};

type Secrets = Readonly<Record<string, Readonly<Record<string, string>> | RelayError>>;
type Entry = TemplateObjects extends ReadonlyMap<string, infer V> ? V : never;

function entryOf(found: Secrets[string]): Entry {
  if (found instanceof RelayError) return { kind: 'failure', error: found };
  const data = Object.entries(found).map(
    ([key, text]) => [key, new Sensitive<Uint8Array>(new TextEncoder().encode(text))] as const,
  );
  return { kind: 'object', object: { version: '1', data: new Map(data) } };
}

/** Secrets by `cluster/namespace/name`; keeps what was read. */
function start(secrets: Secrets) {
  const reads: string[] = [];
  const credentials = createSecretCredentials({
    read: (cluster, namespace, refs) => {
      const entries = refs.map((ref) => {
        const id = `${cluster}/${namespace}/${ref.name}`;
        reads.push(`${ref.kind} ${id}`);
        return [
          templateObjectId(ref),
          entryOf(secrets[id] ?? new RelayError('TEMPLATE_OBJECT_MISSING', id)),
        ] as const;
      });
      return Promise.resolve(new Map(entries));
    },
  });
  return { get: async (origin = ORIGIN) => (await credentials(origin, signal)).reveal(), reads };
}

test('keys of one Secret are read together, so that they belong together', async () => {
  const { get, reads } = start({ 'prod/shop/aws': { id: ID, key: KEY, token: KEY } });

  expect(await get({ ...ORIGIN, sessionToken: keyRef('token') })).toEqual({
    accessKeyId: ID,
    secretAccessKey: KEY,
    sessionToken: KEY,
  });
  expect(reads).toEqual(['Secret prod/shop/aws']);
});

test('keys may lie in several Secrets', async () => {
  const { get, reads } = start({ 'prod/shop/aws': { id: ID }, 'prod/platform/aws': { key: KEY } });

  expect(await get({ ...ORIGIN, secretAccessKey: keyRef('key', 'aws', 'platform') })).toMatchObject({
    accessKeyId: ID,
    secretAccessKey: KEY,
  });
  expect(reads).toEqual(['Secret prod/shop/aws', 'Secret prod/platform/aws']);
});

test.each([
  ['a Secret that is not there', {}, 'Secret prod/shop/aws', 'does not exist'],
  ['a key that is not there', { 'prod/shop/aws': { id: ID } }, 'Secret prod/shop/aws', 'has no key key'],
  ['a line break', { 'prod/shop/aws': { id: ID, key: `${KEY}\n` } }, 'has in key', 'line break'],
  ['an empty key', { 'prod/shop/aws': { id: '', key: KEY } }, 'has in id', '16 characters'],
])('%s is told, and no value with it', async (_what, secrets, where, says) => {
  const { get } = start(secrets);

  await expect(get()).rejects.toMatchObject({ code: 'SOURCE_CREDENTIALS' });
  await expect(get()).rejects.toThrow(where);
  await expect(get()).rejects.toThrow(says);
  await expect(get()).rejects.not.toThrow('canary');
});

test('trouble of the cluster stays what it is', async () => {
  const { get } = start({ 'prod/shop/aws': new RelayError('CLUSTER_TIMEOUT', 'no answer') });

  await expect(get()).rejects.toMatchObject({ code: 'CLUSTER_TIMEOUT', retryable: true });
});
