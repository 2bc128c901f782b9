import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { silentProgress } from '../../../local/progress.ts';
import { clientOptions } from '../../../local/relay/queues.ts';
import { clusterOf, startLocal } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { deploy, templateIn } from '../../support/deployed.ts';
import type { Deployed } from '../../support/deployed.ts';
import { resolved } from '../../support/resolved-template.ts';
import type { Resource } from '../../support/resolved-template.ts';
import { synthesize } from '../../support/synthesize.ts';
import { until } from '../../support/until.ts';

const place = { account: '123456789012', region: 'eu-west-1' };
const RELAY_ROLE = 'arn:aws:iam::123456789012:role/keyrelay-relay-eu-west-1';

let folder: string;
let local: Local;
let cluster: LocalCluster;
let manager: SecretsManager;
let access: ReadonlyMap<string, Resource>;
let accessStack: Deployed;
let relayStack: Deployed;

/** What `cdk deploy --all` does, with CDK's own output, in the order of the stacks. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrelay-deployment-'));
  await synthesize('test/integration/deployment/config', folder);
  local = await startLocal({ clusters: ['one'], progress: silentProgress });
  cluster = clusterOf(local, 'one');
  cluster.accessEntries.clear();
  await cluster.admin.create('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop' },
  });
  manager = new SecretsManager(clientOptions(local.aws));
  await manager.createSecret({ Name: 'prod/database', SecretString: '{"password":"fake-1"}' });
  const relay = resolved(templateIn(folder, 'keyrelay-relay-eu-west-1'), place);
  access = resolved(templateIn(folder, 'keyrelay-access-123456789012-eu-west-1'), place);
  relayStack = await deploy(local, relay, folder);
  accessStack = await deploy(local, access, folder);
}, 900_000);

afterAll(async () => {
  manager.destroy();
  await relayStack.stop();
  await accessStack.stop();
  await local.stop();
  await rm(folder, { recursive: true, force: true });
});

const dataOf = async (): Promise<unknown> => (await cluster.admin.secret('shop', 'database'))?.data;

describe('the deployed stacks', () => {
  test('have the installer put Role and fence into the cluster, and leave', async () => {
    const [[, resource] = []] = [...access].filter(
      ([, { Type }]) => Type === 'Custom::KeyrelayClusterAccess',
    );
    const [installer] = accessStack.functions.values();

    await installer?.invoke({ RequestType: 'Create', ResourceProperties: resource?.Properties });

    expect(
      await cluster.admin.get('/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles/keyrelay'),
    ).toBeDefined();
    expect([...cluster.accessEntries.keys()]).toEqual([]);
  });

  test('let the relay in by the access entry that the template makes, after a first push that was too early', async () => {
    const entries = [...access.values()].filter(({ Type }) => Type === 'AWS::EKS::AccessEntry');
    const begin = relayStack.functions.get('keyrelay-reconcile');
    await begin?.invoke({ 'detail-type': 'Scheduled Event', source: 'aws.events' });
    await until(() =>
      Promise.resolve(
        relayStack.functions.get('keyrelay-reconcile-shard')?.output().includes('CLUSTER_UNAUTHENTICATED'),
      ),
    );

    for (const { Properties } of entries)
      cluster.accessEntries.set(String(Properties['PrincipalArn']), {
        groups: Array.isArray(Properties['KubernetesGroups'])
          ? Properties['KubernetesGroups'].map(String)
          : [],
      });

    expect([...cluster.accessEntries.keys()]).toEqual([RELAY_ROLE]);
    await until(() =>
      Promise.resolve(
        relayStack.functions.get('keyrelay-reconcile-shard')?.output().includes('CLUSTER_UNAUTHENTICATED'),
      ),
    );

    for (const { Properties } of entries)
      cluster.accessEntries.set(String(Properties['PrincipalArn']), {
        groups: Array.isArray(Properties['KubernetesGroups'])
          ? Properties['KubernetesGroups'].map(String)
          : [],
      });

    expect([...cluster.accessEntries.keys()]).toEqual([RELAY_ROLE]);
    await until(async () => JSON.stringify(await dataOf()) === '{"password":"fake-1"}');
  });

  test('carry a rotation through the rule and the queue into the Secret', async () => {
    await manager.putSecretValue({ SecretId: 'prod/database', SecretString: '{"password":"fake-2"}' });

    await until(async () => JSON.stringify(await dataOf()) === '{"password":"fake-2"}');
    await until(() =>
      Promise.resolve(relayStack.functions.get('keyrelay-push')?.output().includes('"service":"keyrelay"')),
    );
  });
});
