import { fileURLToPath } from 'node:url';
import { EKS } from '@aws-sdk/client-eks';
import { SQS } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import packageJson from '../package.json' with { type: 'json' };
import { createEventBus } from './bus/event-bus.ts';
import type { EventBridgeCalls } from './bus/event-bus.ts';
import { systemClock } from './clock.ts';
import { createDeclaredObjects } from './cluster/cluster-declarations.ts';
import { createClusterReports } from './cluster/cluster-reports.ts';
import { createClusterSecrets } from './cluster/cluster-secrets.ts';
import { createClusterWorkloads } from './cluster/cluster-workloads.ts';
import { createCredentials } from './cluster/credentials.ts';
import type { CredentialsFor } from './cluster/credentials.ts';
import type { EksFor } from './cluster/eks-endpoint.ts';
import { createServiceAccountTokens } from './cluster/service-account-tokens.ts';
import { createClusterTemplates } from './cluster/template-objects.ts';
import { openSession } from './cluster/session.ts';
import type { Session } from './cluster/session.ts';
import { ENV } from './contract.ts';
import { loadCompiled } from './declarations/load-compiled.ts';
import { RelayError } from './errors.ts';
import { createSecretCredentials } from './identity/secret-credentials.ts';
import { createStoreCredentials } from './identity/store-credentials.ts';
import type { StoreCredentials } from './identity/store-credentials.ts';
import type { StsCalls } from './identity/sts.ts';
import type { CompiledConfig, Store } from './model/config.ts';
import { accountOf } from './model/identity.ts';
import type { Credentials } from './model/identity.ts';
import type { ClusterTemplates, ClusterWorkloads } from './model/ports.ts';
import type { SqsCalls } from './queue/sqs-queue.ts';
import { NO_RECEIPTS } from './receipts/receipt-port.ts';
import type { ReceiptPort } from './receipts/receipt-port.ts';
import type { Ports } from './relay/ports.ts';
import { openSource } from './sources/open-source.ts';
import type { AwsIdentity, Opening } from './sources/open-source.ts';
import { storeSources } from './sources/store-sources.ts';
import { createTracing } from './telemetry/tracing.ts';

/** What a function needs, made once per cold start. */
export interface Runtime {
  readonly config: CompiledConfig;
  readonly ports: Ports;
  /** For rollouts. */
  readonly workloads: ClusterWorkloads;
  readonly receipts: ReceiptPort;
  /** How often a queue delivers a message before it moves it to the dead-letter queue. */
  readonly maxReceives: number;
  readonly sqs: SqsCalls;
  /** URLs. */
  readonly queues: {
    readonly pushQueue: string;
    readonly shardQueue: string;
    readonly rolloutQueue: string;
    readonly deadLetterQueue: string;
  };
}

const Environment = z.object({
  [ENV.config]: z._default(
    z.string().check(z.minLength(1)),
    fileURLToPath(new URL('config.json', import.meta.url)),
  ),
  [ENV.pushQueue]: z.url(),
  [ENV.shardQueue]: z.url(),
  [ENV.rolloutQueue]: z.url(),
  [ENV.deadLetterQueue]: z.url(),
  [ENV.maxReceives]: z.coerce.number().check(z.int(), z.minimum(1)),
  [ENV.account]: z.string().check(z.regex(/^\d{12}$/u)),
  AWS_REGION: z.string().check(z.minLength(1)),
  AWS_XRAY_DAEMON_ADDRESS: z.optional(z.string()),
});

/** A whole exchange with an API server, connection included. Far below the function's timeout, far above what a healthy one needs. */
const KUBE_TIMEOUT_MS = 10_000;
/** All that a cluster is asked for a store's credentials; nobody else's signal reaches there. */
const CREDENTIALS_TIMEOUT_MS = 20_000;
/** Stands in the API server's audit log. */
const USER_AGENT = `keyrelay/${packageJson.version}`;
/** The SDK's own retries: the one place where calls of AWS are repeated. */
const AWS_ATTEMPTS = 4;

/**
 * Puts the relay together from the environment, the one place that reads it.
 *
 * @throws RelayError CONFIG_INVALID naming every variable that is wrong
 */
export async function startRuntime(env: NodeJS.ProcessEnv = process.env): Promise<Runtime> {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.')))];
    throw new RelayError(
      'CONFIG_INVALID',
      `missing or wrong environment variables: ${names.join(', ')}; the deployment sets them`,
    );
  }
  const { data } = parsed;
  const config = await loadCompiled(data[ENV.config]);
  const sqs = new SQS({ region: data.AWS_REGION, maxAttempts: AWS_ATTEMPTS });
  const credentials = createCredentials(
    () => sqs.config.credentials(),
    () => loadSts(data.AWS_REGION),
    systemClock,
  );
  const sessions = sessionsOf(config, credentials);
  const templates = createClusterTemplates(sessions);
  const storeCredentials = credentialsOfStores(sessions, templates);
  const sourceOf = storeSources((store) =>
    openSource(store.service, openingOf(store, storeCredentials, data[ENV.account])),
  );
  return {
    config,
    sqs,
    workloads: createClusterWorkloads(sessions),
    receipts: receiptPort(config, data.AWS_REGION),
    maxReceives: data[ENV.maxReceives],
    queues: {
      pushQueue: data[ENV.pushQueue],
      shardQueue: data[ENV.shardQueue],
      rolloutQueue: data[ENV.rolloutQueue],
      deadLetterQueue: data[ENV.deadLetterQueue],
    },
    ports: {
      secrets: createClusterSecrets(sessions),
      declared: createDeclaredObjects(sessions, config.settings.clusterConcurrency),
      templates,
      reports: createClusterReports(sessions),
      source: sourceOf(config.stores),
      sourceOf,
      clock: systemClock,
      tracing: await createTracing(data),
      random: Math.random,
      concurrency: config.settings.clusterConcurrency,
    },
  };
}

/** How a store's client is made: with the relay's own credentials, or with those of the store's identity, renewed as they end. */
function openingOf({ region, identity }: Store, credentials: StoreCredentials, account: string): Opening {
  const client = { region, maxAttempts: AWS_ATTEMPTS };
  if (identity === undefined) return { client, account };
  return {
    client: {
      ...client,
      credentials: async () => identityOf((await credentials(identity, region)).reveal()),
    },
    account: accountOf(identity, account),
  };
}

function credentialsOfStores(
  sessions: (cluster: string) => Session,
  templates: ClusterTemplates,
): StoreCredentials {
  const serviceAccount = createServiceAccountTokens(sessions);
  const secret = createSecretCredentials(templates);
  return createStoreCredentials({
    sts: (region, held) => loadSts(region, held?.reveal()),
    serviceAccount: (origin) => serviceAccount(origin, AbortSignal.timeout(CREDENTIALS_TIMEOUT_MS)),
    secret: (origin) => secret(origin, AbortSignal.timeout(CREDENTIALS_TIMEOUT_MS)),
    clock: systemClock,
  });
}

/** A session per cluster, opened when first used and kept. */
function sessionsOf(config: CompiledConfig, credentials: CredentialsFor): (name: string) => Session {
  const sessions = new Map<string, Session>();
  return (name) => {
    const open = sessions.get(name);
    if (open !== undefined) return open;
    const cluster = config.clusters.find((candidate) => candidate.name === name);
    if (cluster === undefined)
      throw new RelayError(
        'CLUSTER_NOT_FOUND',
        `${name} is not among the clusters of keyrelay.yaml; add it, or remove it from the declaration`,
      );
    const session = openSession({
      cluster,
      credentials,
      eks,
      clock: systemClock,
      random: Math.random,
      userAgent: USER_AGENT,
      timeoutMs: KUBE_TIMEOUT_MS,
      connections: config.settings.clusterConcurrency,
    });
    sessions.set(name, session);
    return session;
  };
}

const eks: EksFor = (cluster, credentials) => {
  const identity = identityOf(credentials);
  return Promise.resolve(
    new EKS({ region: cluster.region, credentials: identity, maxAttempts: AWS_ATTEMPTS }),
  );
};

/** As the SDK's clients take them: what is undefined is absent. */
function identityOf({ accessKeyId, secretAccessKey, sessionToken, expiration }: Credentials): AwsIdentity {
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(expiration === undefined ? {} : { expiration }),
  };
}

/** Only clusters and stores with roles need STS, so it is not part of every cold start. */
async function loadSts(region: string, credentials?: Credentials): Promise<StsCalls> {
  const { STS } = await import('@aws-sdk/client-sts');
  const as = credentials === undefined ? {} : { credentials: identityOf(credentials) };
  return new STS({ region, maxAttempts: AWS_ATTEMPTS, ...as });
}

/** A push writes before it tells, so that its client is loaded when there is something to tell. */
function receiptPort({ settings: { receipts } }: CompiledConfig, region: string): ReceiptPort {
  if (receipts === undefined) return NO_RECEIPTS;
  let client: Promise<EventBridgeCalls> | undefined;
  return createEventBus({
    bus: receipts.bus,
    client: () => (client ??= loadEventBridge(region)),
    clock: systemClock,
    random: Math.random,
  });
}

async function loadEventBridge(region: string): Promise<EventBridgeCalls> {
  const { EventBridgeClient, PutEventsCommand } = await import('@aws-sdk/client-eventbridge');
  const client = new EventBridgeClient({ region, maxAttempts: AWS_ATTEMPTS });
  return { putEvents: (input, options) => client.send(new PutEventsCommand(input), options) };
}
