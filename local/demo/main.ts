// `npm start`: the main job on this machine. --rollout goes on until the last pod is new, and prepares what that takes where it is not there yet; --keep
// leaves it running; --context NAME uses a cluster of the person's own.
import { parseArgs } from 'node:util';
import { hasControllers } from '../control-plane/controller-binaries.ts';
import { consoleProgress } from '../progress.ts';
import { startRelay } from '../relay/start-relay.ts';
import { startLocal } from '../start-local.ts';
import type { Local, LocalCluster } from '../start-local.ts';
import { demoConfig } from './demo-config.ts';
import { createLive } from './live.ts';
import type { Live } from './live.ts';
import { tellRollout } from './rollout-story.ts';
import { createScreen } from './screen.ts';
import { createSources, tellStory } from './story.ts';

const { values: options } = parseArgs({
  options: {
    keep: { type: 'boolean', default: false },
    rollout: { type: 'boolean', default: false },
    context: { type: 'string' },
  },
});
const screen = createScreen();

/** Undone in reverse order, once, whatever ends the demo. */
const cleanups: (() => Promise<void>)[] = [];
let cleaning: Promise<void> | undefined;
function cleanUp(): Promise<void> {
  return (cleaning ??= (async () => {
    for (const undo of cleanups.toReversed())
      await undo().catch((failure: unknown) => console.error('cleaning up:', failure));
  })());
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().then(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
}

async function main(): Promise<void> {
  const started = performance.now();
  const namespace = options.context === undefined ? 'shop' : `keyrelay-demo-${Date.now().toString(36)}`;
  const controllers = options.context === undefined && (options.rollout || (await hasControllers()));
  const local = await startLocal({
    clusters: ['demo'],
    progress: consoleProgress,
    controllers,
    ...(options.context === undefined ? {} : { context: options.context }),
  });
  cleanups.push(() => local.stop());
  const cluster = local.clusters.get('demo');
  if (cluster === undefined) throw new Error('the cluster did not start');
  await cluster.allow(namespace);
  if (options.context !== undefined)
    cleanups.push(() => cluster.admin.remove(`/api/v1/namespaces/${namespace}`));
  await createSources(local.aws);
  const relay = await startRelay({ local, compiled: demoConfig({ namespace }) });
  cleanups.push(() => relay.stop());

  screen.title('Keyrelay: from Secrets Manager to a Kubernetes Secret, with no pod in the cluster');
  screen.note(
    `${options.context === undefined ? 'A real kube-apiserver' : `Cluster ${options.context}, namespace ${namespace},`} and an AWS emulator are up after ${Math.round((performance.now() - started) / 1000)} s; the relay runs as its own RBAC identity.\n`,
  );
  const stage = { aws: local.aws, admin: cluster.admin, relay, namespace };
  await tellStory(stage, screen);
  if (controllers) {
    await relay.redeploy(demoConfig({ namespace, without: ['legacy'] }));
    await tellRollout(stage, screen, liveOutput());
  } else screen.note(`${howToRollOut()}\n`);
  if (options.keep) await keep(local, cluster, namespace);
}

function liveOutput(): Live {
  return createLive({
    write: (text) => process.stdout.write(text),
    terminal: process.stdout.isTTY,
    now: () => performance.now(),
  });
}

function howToRollOut(): string {
  if (options.context !== undefined)
    return 'No workload is made in a cluster of yours. Without --context, --rollout shows a rotation until the last pod is new.';
  return 'To see a rotation go on until the last pod is new: npm start -- --rollout. Once, that prepares kube-controller-manager, kube-scheduler (a download of 168 MB, or a build of 1 to 5 minutes) and kwok (a build of about a minute, with Go); from then on it is part of this demo.';
}

/** Says how to poke at it, and waits for Ctrl-C. */
async function keep(local: Local, cluster: LocalCluster, namespace: string): Promise<void> {
  console.log('It keeps running until Ctrl-C. In another terminal:\n');
  if (cluster.kubeconfigPath !== undefined) console.log(`  export KUBECONFIG=${cluster.kubeconfigPath}`);
  for (const [name, value] of Object.entries(local.aws.env)) console.log(`  export ${name}=${value}`);
  console.log(`\n  kubectl -n ${namespace} get secrets --watch`);
  console.log(
    `  aws secretsmanager put-secret-value --secret-id demo/db --secret-string '{"username":"shop","password":"fake-password-4"}'\n`,
  );
  await new Promise(() => undefined);
}

try {
  await main();
} catch (failure) {
  console.error(failure instanceof Error ? failure.message : failure);
  process.exitCode = 1;
} finally {
  await cleanUp();
}
