import { afterAll, beforeAll } from '@jest/globals';
import { clusterManifests } from '../../../infra/manifests/cluster-manifests.ts';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import { silentProgress } from '../../../local/progress.ts';
import { startLocal } from '../../../local/start-local.ts';
import type { Local } from '../../../local/start-local.ts';
import { conflicts } from './conflicts.ts';
import { failures } from './failures.ts';
import { kindsOfWorkload } from './kinds.ts';
import { CLUSTER, NAMESPACES, openStages } from './stage.ts';
import type { NamespaceName, Stage } from './stage.ts';
import { whenRestarted } from './when.ts';
import { whoIsRestarted } from './who.ts';

/** Visits, one by one, to workloads that real controllers roll: each part of the behaviour in a namespace of its own. */
let local: Local;
let stages: ReturnType<typeof openStages>;

beforeAll(async () => {
  local = await startLocal({ clusters: [CLUSTER], progress: silentProgress, controllers: true });
  const cluster = local.clusters.get(CLUSTER);
  for (const name of NAMESPACES)
    await cluster?.admin.create('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    });
  const compiled = compileOrThrow({
    config: {
      path: 'keyrelay.yaml',
      text: `
apiVersion: keyrelay.dev/v1
kind: Config
clusters:
  - { name: ${CLUSTER}, region: eu-west-1, account: '123456789012', namespaces: [${NAMESPACES.join(', ')}] }
stores:
  - { name: aws, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }
`,
    },
    declarations: [],
  });
  for (const item of compiled.config.clusters)
    await cluster?.install(clusterManifests(compiled.config, compiled.deployment, item));
  stages = openStages(local);
}, 900_000);

afterAll(async () => {
  stages.close();
  await local.stop();
});

const on = (namespace: NamespaceName): Stage => stages.on(namespace);

whoIsRestarted(on);
whenRestarted(on);
conflicts(on);
kindsOfWorkload(on);
failures(on);
