import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { namespaceAccess } from '../../../infra/manifests/rbac.ts';
import type { Session } from '../../../lambda/cluster/session.ts';
import { createClusterTemplates } from '../../../lambda/cluster/template-objects.ts';
import { templateObjectId } from '../../../lambda/model/declaration.ts';
import type { TemplateObjectRef } from '../../../lambda/model/declaration.ts';
import { RELAY_GROUP } from '../../../local/cluster-access.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local } from '../../../local/start-local.ts';
import { relaySession } from '../../support/real-cluster.ts';
import { until } from '../../support/until.ts';

const signal = new AbortController().signal;
let local: Local;
let session: Session;

beforeAll(async () => {
  local = await startLocal({ clusters: ['dev'], progress: silentProgress });
  const cluster = clusterOf(local, 'dev');
  await cluster.allow('shop');
  await cluster.install(
    namespaceAccess({ group: RELAY_GROUP, declares: false, configMaps: ['templates', 'missing'] }, 'shop'),
  );
  const metadata = (name: string): object => ({ name, namespace: 'shop' });
  const text = { conf: 'user={{ .user }}' };
  await cluster.admin.create('/api/v1/namespaces/shop/configmaps', {
    metadata: metadata('templates'),
    data: text,
  });
  await cluster.admin.create('/api/v1/namespaces/shop/configmaps', {
    metadata: metadata('private'),
    data: text,
  });
  await cluster.admin.create('/api/v1/namespaces/shop/secrets', {
    metadata: metadata('templates'),
    data: { conf: Buffer.from('pass={{ .pass }}').toString('base64') },
  });
  session = relaySession(local, 'dev');
}, 900_000);

afterAll(async () => {
  session.close();
  await local.stop();
});

/** The text of the key `conf`, or the code of the failure. */
async function confOf(ref: TemplateObjectRef): Promise<string | undefined> {
  const read = await createClusterTemplates(() => session).read('dev', 'shop', [ref], signal);
  const result = read.get(templateObjectId(ref));
  if (result?.kind !== 'object') return result?.error.code;
  const bytes = result.object.data.get('conf')?.reveal();
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}

test('a ConfigMap that is named may be read, and no other', async () => {
  await until(async () => (await confOf({ kind: 'ConfigMap', name: 'templates' })) === 'user={{ .user }}');

  expect(await confOf({ kind: 'ConfigMap', name: 'private' })).toBe('CLUSTER_FORBIDDEN');
});

test('a Secret is read as the text that it holds', async () => {
  expect(await confOf({ kind: 'Secret', name: 'templates' })).toBe('pass={{ .pass }}');
});

test('what is not there is told by its own error', async () => {
  expect(await confOf({ kind: 'ConfigMap', name: 'missing' })).toBe('TEMPLATE_OBJECT_MISSING');
  expect(await confOf({ kind: 'Secret', name: 'missing' })).toBe('TEMPLATE_OBJECT_MISSING');
});
