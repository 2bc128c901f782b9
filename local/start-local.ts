import { KubeConfig } from '@kubernetes/client-node';
import { adminClient } from './admin-client.ts';
import type { AdminClient } from './admin-client.ts';
import type { RegisteredCluster } from './aws/facade/eks.ts';
import type { LocalAws, LocalCredentials } from './aws/start-aws.ts';
import { startAws } from './aws/start-aws.ts';
import { RELAY_GROUP, clusterAccess } from './cluster-access.ts';
import type { ClusterAccess } from './cluster-access.ts';
import type { AccessEntry } from './control-plane/authenticator/access-entries.ts';
import { openContext } from './context-cluster.ts';
import { startAuthenticator } from './control-plane/authenticator/server.ts';
import type { Authenticator } from './control-plane/authenticator/server.ts';
import { controlPlaneBinaries } from './control-plane/binaries.ts';
import { controllerBinaries } from './control-plane/controller-binaries.ts';
import { startControlPlane } from './control-plane/start-control-plane.ts';
import type { ControlPlaneOptions } from './control-plane/start-control-plane.ts';
import type { Progress } from './progress.ts';
import { startReaper } from './reaper.ts';
import type { Reaper } from './reaper.ts';

/** The relay's role in the emulated account. */
export const RELAY_ROLE = 'arn:aws:iam::123456789012:role/keyrelay-relay';

export interface LocalOptions {
  readonly clusters: readonly string[];
  readonly progress: Progress;
  readonly region?: string;
  /** A kubeconfig context to use in place of API servers of our own. */
  readonly context?: string;
  /** Whether API servers of our own get Kubernetes' controllers, its scheduler and two fake nodes, so that workloads roll. */
  readonly controllers?: boolean;
  /** By which API servers of our own record requests; they record none where undefined. */
  readonly auditPolicy?: object;
}

/** A real API server, known to the emulated EKS. */
export interface LocalCluster extends ClusterAccess {
  readonly name: string;
  /** For its administrator; undefined for a cluster that the person had already. */
  readonly kubeconfigPath: string | undefined;
  readonly admin: AdminClient;
  /** Where an API server of our own records requests, if it was asked to. */
  readonly auditLogPath: string | undefined;
  /** As the emulated EKS describes it. */
  readonly registration: RegisteredCluster;
  /** Role ARN -> access entry; holds the relay's at the start. */
  readonly accessEntries: Map<string, AccessEntry>;
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

/** @throws where there is no such cluster */
export function clusterOf({ clusters }: Local, name: string): LocalCluster {
  const found = clusters.get(name);
  if (found === undefined) throw new Error(`no cluster ${name} was started`);
  return found;
}

/** Starts everything that the relay needs to run here. Whatever becomes of this process, nothing that it started outlives it. */
export async function startLocal({
  clusters: names,
  progress,
  region = 'eu-west-1',
  context,
  controllers = false,
  auditPolicy,
}: LocalOptions): Promise<Local> {
  const open =
    context === undefined
      ? serveCluster({
          binaries: await controlPlaneBinaries(progress),
          controllers: controllers ? await controllerBinaries(progress) : undefined,
          auditPolicy,
        })
      : useContext(context);
  const reaper = await startReaper();
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.allSettled(stops.splice(0).map((end) => end()));
    await reaper.release();
  };
  try {
    progress.step(
      `starting AWS and ${names.length === 1 ? 'a cluster' : `${names.length} clusters`} (about 5 s)`,
    );
    const aws = await startAws({ progress, reaper, region });
    stops.push(() => aws.stop());
    const started = await Promise.allSettled(names.map((name) => startCluster(name, aws, reaper, open)));
    const clusters = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    for (const cluster of clusters) stops.push(() => cluster.stop());
    for (const result of started) if (result.status === 'rejected') throw result.reason;
    const relayCredentials = await aws.assumeRole(RELAY_ROLE, 'keyrelay');
    return {
      aws,
      clusters: new Map(clusters.map((cluster) => [cluster.name, cluster])),
      relayCredentials,
      stop,
    };
  } catch (failure) {
    await stop();
    throw failure;
  }
}

/** An API server, however it came about. */
interface Opened {
  readonly kubeconfig: KubeConfig;
  readonly kubeconfigPath: string | undefined;
  readonly endpoint: string;
  /** Base64 of the CA's PEM. */
  readonly caData: string;
  readonly auditLogPath: string | undefined;
  readonly close: () => Promise<void>;
}

type Open = (authenticator: Authenticator, reaper: Reaper) => Promise<Opened>;

/** An API server of our own. */
function serveCluster(options: Pick<ControlPlaneOptions, 'binaries' | 'controllers' | 'auditPolicy'>): Open {
  return async (authenticator, reaper) => {
    const { config, auditLogPath, stop } = await startControlPlane({
      ...options,
      authenticatorUrl: authenticator.url,
      reaper,
    });
    const kubeconfig = new KubeConfig();
    kubeconfig.loadFromString(config.kubeconfigYaml);
    return {
      kubeconfig,
      kubeconfigPath: config.kubeconfigPath,
      endpoint: config.server,
      caData: config.caData,
      auditLogPath,
      close: stop,
    };
  };
}

/** The API server of the person's kubeconfig. */
function useContext(context: string): Open {
  return async (authenticator) => {
    const { kubeconfig, endpoint, ca, close } = await openContext({
      context,
      authenticate: (token) => authenticator.authenticate(token),
    });
    return {
      kubeconfig,
      kubeconfigPath: undefined,
      endpoint,
      caData: Buffer.from(ca).toString('base64'),
      auditLogPath: undefined,
      close,
    };
  };
}

async function startCluster(name: string, aws: LocalAws, reaper: Reaper, open: Open): Promise<LocalCluster> {
  const authenticator = await startAuthenticator({
    cluster: name,
    awsEndpoint: aws.endpoint,
    secretFor: (id) => aws.secretFor(id),
  });
  authenticator.entries.set(RELAY_ROLE, { groups: [RELAY_GROUP] });
  const { kubeconfig, kubeconfigPath, endpoint, caData, auditLogPath, close } = await open(
    authenticator,
    reaper,
  );
  const registration = { name, endpoint, caData, entries: authenticator.entries };
  aws.registerCluster(registration);
  const admin = adminClient(kubeconfig);
  let stopped: Promise<void> | undefined;
  return {
    name,
    kubeconfigPath,
    admin,
    auditLogPath,
    registration,
    accessEntries: authenticator.entries,
    ...clusterAccess(admin, { policies: kubeconfigPath !== undefined }),
    stop: () => (stopped ??= close().then(() => authenticator.close())),
  };
}
