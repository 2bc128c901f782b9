import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalAws } from '../../local/aws/start-aws.ts';
import { startDaemon } from '../../local/control-plane/daemon.ts';
import { startReaper } from '../../local/reaper.ts';
import { usageOfProcess } from './process-usage.ts';
import type { Usage } from './process-usage.ts';
import type { Watched } from './window.ts';

const ROLE = 'arn:aws:iam::123456789012:role/external-secrets';

/** ESO's operator as a process. */
export interface Eso {
  usage(): Usage;
  /** @throws {Error} with the last that it wrote, where it has ended by itself */
  check(): void;
  stop(): Promise<void>;
}

export interface EsoOptions {
  readonly binary: string;
  readonly flags: readonly string[];
  readonly kubeconfig: string;
  readonly aws: LocalAws;
}

/** Any free port, so that nothing is in its way. */
const PORTS = ['--metrics-addr=127.0.0.1:0', '--live-addr=127.0.0.1:0'] as const;

/**
 * Starts the operator; it is ready when it is. Its credentials are in its environment, as EKS Pod Identity has them there: ESO then asks STS for nothing, the
 * least that it can cost.
 */
export async function startEso({ binary, flags, kubeconfig, aws }: EsoOptions): Promise<Eso> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrelay-race-'));
  const kubeconfigPath = join(folder, 'kubeconfig');
  await writeFile(kubeconfigPath, kubeconfig, { mode: 0o600 });
  const credentials = await aws.assumeRole(ROLE, 'external-secrets');
  const reaper = await startReaper();
  const daemon = await startDaemon({
    ...{ command: binary, args: [...PORTS, ...flags], reaper },
    env: {
      HOME: folder,
      KUBECONFIG: kubeconfigPath,
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      // Its own names (providers/v1/aws in its source).
      AWS_SECRETSMANAGER_ENDPOINT: aws.endpoint,
      AWS_SSM_ENDPOINT: aws.endpoint,
      AWS_STS_ENDPOINT: aws.endpoint,
    },
  });
  return {
    usage: () => usageOfProcess(daemon.pid),
    check: () => {
      const failure = daemon.failure();
      if (failure !== undefined) throw new Error(failure);
    },
    stop: async () => {
      await daemon.stop();
      await reaper.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What it does on a cluster whose requests are recorded there. */
export function watchedEso(eso: Eso, aws: LocalAws, auditLogPath: string): Watched {
  return { aws, auditLogPath, processor: () => eso.usage().processor };
}
