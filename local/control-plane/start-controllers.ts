import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { adminClient } from '../admin-client.ts';
import type { AdminClient } from '../admin-client.ts';
import type { Reaper } from '../reaper.ts';
import type { ControllerBinaries } from './controller-binaries.ts';
import { startDaemon } from './daemon.ts';
import type { Daemon } from './daemon.ts';
import { KWOK_DIR } from './versions.ts';

const NODES = ['node-1', 'node-2'] as const;
const START_MS = 60_000;

export interface ControllersOptions {
  readonly binaries: ControllerBinaries;
  /** Of the administrator. */
  readonly kubeconfigPath: string;
  /** PEM of the CA that signed the API server's certificate. */
  readonly ca: string;
  /** The private key that signs the tokens of service accounts. */
  readonly serviceAccountKeyPath: string;
  /** For files that end with the cluster. */
  readonly folder: string;
  readonly reaper: Reaper;
}

/** Starts the controllers, the scheduler and two fake nodes; resolves with what ends them, once pods can be scheduled. */
export async function startControllers(options: ControllersOptions): Promise<() => Promise<void>> {
  const commands = await commandsFor(options);
  const daemons = await Promise.all(
    commands.map(([command, args]) => startDaemon({ command, args, reaper: options.reaper })),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(daemons.map((daemon) => daemon.stop()));
  };
  try {
    const kubeconfig = new KubeConfig();
    kubeconfig.loadFromFile(options.kubeconfigPath);
    const admin = adminClient(kubeconfig);
    for (const name of NODES) await admin.create('/api/v1/nodes', node(name));
    await effective(admin, daemons);
  } catch (failure) {
    await stop();
    throw failure;
  }
  return stop;
}

type Command = readonly [path: string, args: readonly string[]];

async function commandsFor(options: ControllersOptions): Promise<readonly Command[]> {
  const { binaries, kubeconfigPath, serviceAccountKeyPath, folder } = options;
  const caPath = join(folder, 'ca.crt');
  await writeFile(caPath, options.ca);
  // One of each, so nobody to elect; and no port, because nobody asks them anything.
  const alone = [`--kubeconfig=${kubeconfigPath}`, '--leader-elect=false', '--secure-port=0'];
  return [
    [
      binaries.controllerManager,
      [
        ...alone,
        `--service-account-private-key-file=${serviceAccountKeyPath}`,
        `--root-ca-file=${caPath}`,
        // Its default of 20 requests a second is for clusters that must share an API server.
        '--kube-api-qps=200',
        '--kube-api-burst=400',
      ],
    ],
    [binaries.scheduler, alone],
    [
      binaries.kwok,
      [
        `--kubeconfig=${kubeconfigPath}`,
        `--config=${KWOK_DIR}stages.yaml`,
        '--manage-all-nodes=true',
        // Renewed, so that the controllers never take a node for dead.
        '--node-lease-duration-seconds=40',
      ],
    ],
  ];
}

/** https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-hostname */
function node(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
  };
}

/**
 * Health endpoints are green seconds before any controller acts, so this waits for effects: kwok makes the nodes ready, the node controller
 * then takes their taint away (https://kubernetes.io/docs/reference/node/node-status/#condition), and another controller gives the first
 * namespace its service account.
 */
async function effective(admin: AdminClient, daemons: readonly Daemon[]): Promise<void> {
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    const failures = daemons.flatMap((daemon) => daemon.failure() ?? []);
    if (failures.length > 0) throw new Error(failures.join('\n'));
    const nodes = await Promise.all(NODES.map((name) => admin.get(`/api/v1/nodes/${name}`)));
    const account = await admin.get('/api/v1/namespaces/default/serviceaccounts/default');
    if (account !== undefined && nodes.every(schedulable)) return;
    await sleep(100);
  }
  throw new Error(`the controllers had no effect after ${START_MS} ms`);
}

function schedulable(object: unknown): boolean {
  const text = JSON.stringify(object ?? {});
  return text.includes('"KubeletReady"') && !text.includes('node.kubernetes.io/not-ready');
}
