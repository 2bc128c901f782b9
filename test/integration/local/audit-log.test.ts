import { get } from 'node:https';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AUDIT_POLICY, ESO_ACCOUNT, endOf, requestsSince } from '../../../bench/race/audit-log.ts';
import { silentProgress } from '../../../local/progress.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { until } from '../../support/until.ts';

const { namespace, name: account } = ESO_ACCOUNT;
let local: Local;
let cluster: LocalCluster;

beforeAll(async () => {
  local = await startLocal({ clusters: ['audited'], progress: silentProgress, auditPolicy: AUDIT_POLICY });
  cluster = clusterOf(local, 'audited');
  await cluster.allow(namespace);
  await cluster.admin.create(`/api/v1/namespaces/${namespace}/serviceaccounts`, {
    ...{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account } },
  });
}, 900_000);

afterAll(async () => local.stop());

/** Status of the answer to the bearer of the token. */
function ask(token: string, path: string): Promise<number | undefined> {
  const { endpoint, caData } = cluster.registration;
  const options = { ca: Buffer.from(caData, 'base64'), headers: { authorization: `Bearer ${token}` } };
  return new Promise((resolve, reject) => {
    get(`${endpoint}${path}`, options, (response) => resolve(response.resume().statusCode)).on(
      'error',
      reject,
    );
  });
}

test('requests of an account that is raced are recorded, whatever their answer, and those of others are not', async () => {
  const path = cluster.auditLogPath ?? '';
  const token = await cluster.admin.token(namespace, account, 3600);
  const begin = await endOf(path);

  await cluster.admin.get('/api/v1/nodes');
  expect(await ask(token, `/api/v1/namespaces/${namespace}/secrets`)).toBe(403);

  await until(async () => (await endOf(path)) > begin);
  expect(Object.fromEntries(await requestsSince(path, begin))).toEqual({ 'list secrets': 1 });
});
