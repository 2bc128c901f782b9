import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import packageJson from '../package.json' with { type: 'json' };
import { createAwsClients, identityOf } from './aws-clients.ts';
import type { AwsClients } from './aws-clients.ts';
import { AWS_OPTIONS } from './aws-options.ts';
import { createEventBus } from './bus/event-bus.ts';
import { systemClock } from './clock.ts';
import { createDeclaredObjects } from './cluster/cluster-declarations.ts';
import { createClusterReports } from './cluster/cluster-reports.ts';
import { createClusterSecrets } from './cluster/cluster-secrets.ts';
import { createClusterWorkloads } from './cluster/cluster-workloads.ts';
import { createCredentials } from './cluster/credentials.ts';
import type { CredentialsFor } from './cluster/credentials.ts';
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
import type { ApiCalls } from './model/api-calls.ts';
import type { CompiledConfig, Store } from './model/config.ts';
import { accountOf } from './model/identity.ts';
import type { ClusterTemplates, ClusterWorkloads } from './model/ports.ts';
import type { SqsCalls } from './queue/sqs-queue.ts';
import { tracedSqs } from './queue/traced-sqs.ts';
import { NO_RECEIPTS } from './receipts/receipt-port.ts';
import type { ReceiptPort } from './receipts/receipt-port.ts';
import type { Ports } from './relay/ports.ts';
import { openSource } from './sources/open-source.ts';
import type { Opening } from './sources/open-source.ts';
import { storeSources } from './sources/store-sources.ts';
import { createApiCalls } from './telemetry/api-calls.ts';
import type { CountedCalls } from './telemetry/api-calls.ts';
import { createTracing } from './telemetry/tracing.ts';

/** What a function needs, made once per cold start. */
export interface Runtime {
  readonly config: CompiledConfig;
  readonly ports: Ports;
  /** For rollouts. */
  readonly workloads: ClusterWorkloads;
  readonly receipts: ReceiptPort;
  /** What the runtime's clients have sent. */
  readonly calls: Pick<CountedCalls, 'take'>;
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
  const region = data.AWS_REGION;
  const calls = createApiCalls();
  const aws = createAwsClients(calls);
  const tracing = await createTracing(data);
  const sqs = aws.sqs(region);
  const credentials = createCredentials(
    () => sqs.config.credentials(),
    () => aws.sts(region),
    systemClock,
  );
  const sessions = sessionsOf(config, { credentials, eks: aws.eks, calls });
  const templates = createClusterTemplates(sessions);
  const storeCredentials = credentialsOfStores(sessions, templates, aws);
  const sourceOf = storeSources((store) =>
    openSource(store.service, openingOf(store, { storeCredentials, account: data[ENV.account], calls })),
  );
  return {
    config,
    sqs: tracedSqs(sqs, tracing),
    workloads: createClusterWorkloads(sessions),
    receipts: receiptPort(config, region, aws),
    calls,
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
      tracing,
      random: Math.random,
      concurrency: config.settings.clusterConcurrency,
    },
  };
}

interface OpeningParts {
  readonly storeCredentials: StoreCredentials;
  /** The relay's own. */
  readonly account: string;
  readonly calls: ApiCalls;
}

/** How a store's client is made: with the relay's own credentials, or with those of the store's identity, renewed as they end. */
function openingOf({ region, identity }: Store, { storeCredentials, account, calls }: OpeningParts): Opening {
  const client = { region, ...AWS_OPTIONS };
  if (identity === undefined) return { client, account, calls };
  return {
    client: {
      ...client,
      credentials: async () => identityOf((await storeCredentials(identity, region)).reveal()),
    },
    account: accountOf(identity, account),
    calls,
  };
}

function credentialsOfStores(
  sessions: (cluster: string) => Session,
  templates: ClusterTemplates,
  aws: AwsClients,
): StoreCredentials {
  const serviceAccount = createServiceAccountTokens(sessions);
  const secret = createSecretCredentials(templates);
  return createStoreCredentials({
    sts: (region, held) => aws.sts(region, held?.reveal()),
    serviceAccount: (origin) => serviceAccount(origin, AbortSignal.timeout(CREDENTIALS_TIMEOUT_MS)),
    secret: (origin) => secret(origin, AbortSignal.timeout(CREDENTIALS_TIMEOUT_MS)),
    clock: systemClock,
  });
}

interface SessionParts {
  readonly credentials: CredentialsFor;
  readonly eks: AwsClients['eks'];
  readonly calls: ApiCalls;
}

/** A session per cluster, opened when first used and kept. */
function sessionsOf(
  config: CompiledConfig,
  { credentials, eks, calls }: SessionParts,
): (name: string) => Session {
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
      onRequest: () => calls.count('kubernetes'),
      connections: config.settings.clusterConcurrency,
    });
    sessions.set(name, session);
    return session;
  };
}

/** A push writes before it tells, so that its client is loaded when there is something to tell. */
function receiptPort(
  { settings: { receipts } }: CompiledConfig,
  region: string,
  { eventBridge }: AwsClients,
): ReceiptPort {
  if (receipts === undefined) return NO_RECEIPTS;
  let client: ReturnType<AwsClients['eventBridge']> | undefined;
  return createEventBus({
    bus: receipts.bus,
    client: () => (client ??= eventBridge(region)),
    clock: systemClock,
    random: Math.random,
  });
}
