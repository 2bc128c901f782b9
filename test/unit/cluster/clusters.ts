import type { Credentials } from '../../../lambda/model/identity.ts';
import type { Cluster } from '../../../lambda/model/config.ts';

export function aCluster(changes: Partial<Cluster> = {}): Cluster {
  return {
    name: 'dev',
    region: 'eu-west-1',
    account: '111122223333',
    roleArn: undefined,
    externalId: undefined,
    namespaces: ['shop'],
    labels: {},
    ...changes,
  };
}

export function someCredentials(changes: Partial<Credentials> = {}): Credentials {
  return {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'fake',
    sessionToken: undefined,
    expiration: undefined,
    ...changes,
  };
}
