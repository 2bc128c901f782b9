import { fileURLToPath } from 'node:url';
import { EKS } from '@aws-sdk/client-eks';
import * as z from 'zod/mini';
import packageJson from '../../package.json' with { type: 'json' };
import { AWS_OPTIONS } from '../aws-options.ts';
import { systemClock } from '../clock.ts';
import { openSession } from '../cluster/session.ts';
import type { Session } from '../cluster/session.ts';
import { ENV } from '../contract.ts';
import { RelayError } from '../errors.ts';
import { loadManifests } from './load-manifests.ts';
import type { ManifestsByCluster } from './load-manifests.ts';
import type { AccessCalls } from './temporary-access.ts';

/** What the installer needs, made once per cold start. */
export interface Installer {
  readonly roleArn: string;
  readonly manifests: ManifestsByCluster;
  readonly eks: AccessCalls;
  /** A way into a cluster of this account and region; to be closed. */
  readonly open: (cluster: string) => Session;
}

const Environment = z.object({
  [ENV.installerRole]: z.string().check(z.regex(/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/u)),
  [ENV.manifests]: z._default(
    z.string().check(z.minLength(1)),
    fileURLToPath(new URL('manifests.json', import.meta.url)),
  ),
  AWS_REGION: z.string().check(z.minLength(1)),
});

const KUBE_TIMEOUT_MS = 20_000;
const CONNECTIONS = 4;

/**
 * Puts the installer together from its environment.
 *
 * @throws RelayError CONFIG_INVALID
 */
export async function startInstaller(env: NodeJS.ProcessEnv = process.env): Promise<Installer> {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.')))];
    throw new RelayError(
      'CONFIG_INVALID',
      `missing or wrong environment variables: ${names.join(', ')}; the deployment sets them`,
    );
  }
  const { data } = parsed;
  const roleArn = data[ENV.installerRole];
  const eks = new EKS({ region: data.AWS_REGION, ...AWS_OPTIONS });
  return {
    roleArn,
    manifests: await loadManifests(data[ENV.manifests]),
    eks,
    open: (name) =>
      openSession({
        cluster: {
          name,
          region: data.AWS_REGION,
          account: roleArn.split(':')[4] ?? '',
          roleArn: undefined,
          externalId: undefined,
          namespaces: [],
          labels: {},
        },
        credentials: () => eks.config.credentials(),
        eks: () => Promise.resolve(eks),
        clock: systemClock,
        random: Math.random,
        userAgent: `keyrelay-installer/${packageJson.version}`,
        timeoutMs: KUBE_TIMEOUT_MS,
        connections: CONNECTIONS,
      }),
  };
}
