import { STS } from '@aws-sdk/client-sts';
import type { Progress } from '../progress.ts';
import { pythonEnvironment } from '../python.ts';
import type { Reaper } from '../reaper.ts';
import { ADMINISTRATOR } from './facade/chaos.ts';
import type { Chaos } from './facade/chaos.ts';
import type { RegisteredCluster } from './facade/eks.ts';
import { startFacade } from './facade/start-facade.ts';
import { startMoto } from './moto.ts';

export interface AwsOptions {
  readonly progress: Progress;
  readonly reaper: Reaper;
  readonly region: string;
  /** moto's own default is the one that its rules and queues agree on. */
  readonly account?: '123456789012';
}

/** Credentials that the emulator gave out. */
export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** An AWS account on this machine. */
export interface LocalAws {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  /** Environment variables with which an SDK or the AWS CLI reaches it as its administrator. */
  readonly env: Readonly<Record<string, string>>;
  readonly chaos: Chaos;
  registerCluster(cluster: RegisteredCluster): void;
  assumeRole(roleArn: string, session: string): Promise<LocalCredentials>;
  /** The secret of an access key that the emulator gave out. */
  secretFor(accessKeyId: string): string | undefined;
  stop(): Promise<void>;
}

/** Starts the emulator with the facade in front of it. */
export async function startAws({
  progress,
  reaper,
  region,
  account = '123456789012',
}: AwsOptions): Promise<LocalAws> {
  const python = await pythonEnvironment(progress);
  const moto = await startMoto(python, reaper);
  const facade = await startFacade({ moto: moto.endpoint, region, account });
  const credentials = { accessKeyId: ADMINISTRATOR, secretAccessKey: 'local-admin-not-a-secret' };
  const sts = new STS({ endpoint: facade.endpoint, region, credentials });
  return {
    endpoint: facade.endpoint,
    region,
    account,
    env: {
      AWS_ENDPOINT_URL: facade.endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    chaos: facade.chaos,
    registerCluster: (cluster) => void facade.clusters.set(cluster.name, cluster),
    assumeRole: async (roleArn, session) => {
      const { Credentials: given } = await sts.assumeRole({ RoleArn: roleArn, RoleSessionName: session });
      if (
        given?.AccessKeyId === undefined ||
        given.SecretAccessKey === undefined ||
        given.SessionToken === undefined ||
        given.Expiration === undefined
      ) {
        throw new Error(`the emulator gave no credentials for ${roleArn}`);
      }
      return {
        accessKeyId: given.AccessKeyId,
        secretAccessKey: given.SecretAccessKey,
        sessionToken: given.SessionToken,
        expiration: given.Expiration,
      };
    },
    secretFor: (accessKeyId) => facade.secrets.get(accessKeyId),
    stop: async () => {
      sts.destroy();
      await facade.close();
      await moto.stop();
    },
  };
}
