import { EKS } from '@aws-sdk/client-eks';
import { STS } from '@aws-sdk/client-sts';
import { systemClock } from '../../lambda/clock.ts';
import { createClusterSecrets } from '../../lambda/cluster/cluster-secrets.ts';
import { createCredentials } from '../../lambda/cluster/credentials.ts';
import { openSession } from '../../lambda/cluster/session.ts';
import type { Session } from '../../lambda/cluster/session.ts';
import type { Cluster } from '../../lambda/model/config.ts';
import type { ClusterSecrets } from '../../lambda/model/ports.ts';
import { aCluster as plainCluster } from './builders.ts';
import type { Local } from '../../local/start-local.ts';

/** A cluster of the local environment as the configuration would have it. */
export function aCluster(local: Local, name: string): Cluster {
  const { region, account } = local.aws;
  return plainCluster({ name, region, account });
}

/** The relay's own way into a local cluster: DescribeCluster, a signed token, the access entry, RBAC. */
export function relaySession(local: Local, name: string, clock = systemClock): Session {
  const { relayCredentials: credentials, aws } = local;
  return openSession({
    cluster: aCluster(local, name),
    credentials: () => Promise.resolve(credentials),
    eks: () => Promise.resolve(new EKS({ endpoint: aws.endpoint, region: aws.region, credentials })),
    clock,
    random: Math.random,
    userAgent: 'keyrelay-test',
    timeoutMs: 10_000,
    connections: 20,
  });
}

/** The Secrets of the local clusters through sessions of the relay; `close` ends the connections. */
export function realSecrets(local: Local, clock = systemClock): ClusterSecrets & { close(): void } {
  const sessions = new Map(
    [...local.clusters.keys()].map((name) => [name, relaySession(local, name, clock)]),
  );
  const secrets = createClusterSecrets((name) => {
    const session = sessions.get(name);
    if (session === undefined) throw new Error(`no cluster ${name}`);
    return session;
  });
  return { ...secrets, close: () => sessions.forEach((session) => session.close()) };
}

/** The same by way of a role of the cluster's own, which is assumed for it. */
export function roleSession(local: Local, name: string, roleArn: string): Session {
  const { relayCredentials, aws } = local;
  const client = { endpoint: aws.endpoint, region: aws.region };
  const credentials = createCredentials(
    () => Promise.resolve(relayCredentials),
    () => Promise.resolve(new STS({ ...client, credentials: relayCredentials })),
    systemClock,
  );
  return openSession({
    cluster: { ...aCluster(local, name), roleArn, externalId: 'test-external-id' },
    credentials,
    eks: () => Promise.resolve(new EKS({ ...client, credentials: relayCredentials })),
    clock: systemClock,
    random: Math.random,
    userAgent: 'keyrelay-test',
    timeoutMs: 10_000,
    connections: 2,
  });
}
