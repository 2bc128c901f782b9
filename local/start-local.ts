import { KubeConfig } from '@kubernetes/client-node';
import { adminClient } from './admin-client.ts';
import type { AdminClient } from './admin-client.ts';
import type { LocalAws, LocalCredentials } from './aws/start-aws.ts';
import { startAws } from './aws/start-aws.ts';
import { RELAY_GROUP, allowNamespace } from './cluster-access.ts';
import type { AccessEntry } from './control-plane/authenticator/access-entries.ts';
import { startAuthenticator } from './control-plane/authenticator/server.ts';
import { controlPlaneBinaries } from './control-plane/binaries.ts';
import { startControlPlane } from './control-plane/start-control-plane.ts';
import type { Progress } from './progress.ts';
import { startReaper } from './reaper.ts';
import type { Reaper } from './reaper.ts';

/** The relay's role in the emulated account. */
export const RELAY_ROLE = 'arn:aws:iam::123456789012:role/keyrelay-relay';

export interface LocalOptions {
  readonly clusters: readonly string[];
  readonly progress: Progress;
  readonly region?: string;
}

/** A real API server, known to the emulated EKS. */
export interface LocalCluster {
  readonly name: string;
  /** For its administrator. */
  readonly kubeconfigPath: string;
  readonly admin: AdminClient;
  /** Role ARN -> access entry; holds the relay's at the start. */
  readonly accessEntries: Map<string, AccessEntry>;
  /** Creates a namespace and lets the relay write Secrets in it. */
  allow(namespace: string): Promise<void>;
  /** Stops this cluster alone: what a cluster that is down looks like. */
  stop(): Promise<void>;
}

/** AWS and clusters on this machine. */
export interface Local {
  readonly aws: LocalAws;
  readonly clusters: ReadonlyMap<string, LocalCluster>;
  /** Of `RELAY_ROLE`: what the Lambda would have. */
  readonly relayCredentials: LocalCredentials;
  /** Ends everything that was started; can be called again. */
  stop(): Promise<void>;
}

/** Starts everything that the relay needs to run here. Whatever becomes of this process, nothing that it started outlives it. */
export async function startLocal({ clusters: names, progress, region = 'eu-west-1' }: LocalOptions): Promise<Local> {
  const binaries = await controlPlaneBinaries(progress);
  const reaper = await startReaper();
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.allSettled(stops.splice(0).map((end) => end()));
    await reaper.release();
  };
  try {
    progress.step(`starting AWS and ${names.length === 1 ? 'a cluster' : `${names.length} clusters`} (about 5 s)`);
    const aws = await startAws({ progress, reaper, region });
    stops.push(() => aws.stop());
    const clusters = await Promise.all(names.map((name) => startCluster(name, aws, binaries, reaper)));
    for (const cluster of clusters) stops.push(() => cluster.stop());
    const relayCredentials = await aws.assumeRole(RELAY_ROLE, 'keyrelay');
    return { aws, clusters: new Map(clusters.map((cluster) => [cluster.name, cluster])), relayCredentials, stop };
  } catch (failure) {
    await stop();
    throw failure;
  }
}

async function startCluster(name: string, aws: LocalAws, binaries: string, reaper: Reaper): Promise<LocalCluster> {
  const authenticator = await startAuthenticator({ cluster: name, awsEndpoint: aws.endpoint, secretFor: (id) => aws.secretFor(id) });
  authenticator.entries.set(RELAY_ROLE, { groups: [RELAY_GROUP] });
  const { config, stop } = await startControlPlane({ binaries, authenticatorUrl: authenticator.url, reaper });
  aws.registerCluster({ name, endpoint: config.server, caData: config.caData });
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromString(config.kubeconfigYaml);
  const admin = adminClient(kubeconfig);
  let stopped: Promise<void> | undefined;
  return {
    name,
    kubeconfigPath: config.kubeconfigPath,
    admin,
    accessEntries: authenticator.entries,
    allow: (namespace) => allowNamespace(admin, namespace),
    stop: () => (stopped ??= stop().then(() => authenticator.close())),
  };
}
