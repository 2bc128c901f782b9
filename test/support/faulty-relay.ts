import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { compileOrThrow } from '../../lambda/declarations/compile-or-throw.ts';
import type { Compiled } from '../../lambda/declarations/compile.ts';
import { startClusterProxy } from '../../local/faults/cluster-proxy.ts';
import type { ClusterProxy } from '../../local/faults/cluster-proxy.ts';
import { silentProgress } from '../../local/progress.ts';
import { clientOptions } from '../../local/relay/queues.ts';
import { startRelay } from '../../local/relay/start-relay.ts';
import type { LocalRelay, RelayOptions } from '../../local/relay/start-relay.ts';
import { RELAY_GROUP } from '../../local/cluster-access.ts';
import { RELAY_ROLE, clusterOf, startLocal } from '../../local/start-local.ts';
import type { Local, LocalCluster } from '../../local/start-local.ts';
import { fieldsOf } from './resolved-template.ts';

/** A relay whose way to its one cluster can fail, and what its Secrets went through. */
export interface FaultyRelay {
  readonly local: Local;
  readonly cluster: LocalCluster;
  readonly proxy: ClusterProxy;
  readonly relay: LocalRelay;
  readonly manager: SecretsManager;
  /** The data that a Secret held, one after another, as `key=value` in the order of the keys. */
  history(name: string): readonly string[];
  /** The error codes that were logged for a Secret so far, each once. */
  codes(name: string): readonly string[];
  /** Brings about a fault that no request shows; what begins anew meets it. */
  suffer(trouble: Trouble): Promise<void>;
  /** Ends every fault. */
  calm(): void;
  stop(): Promise<void>;
}

/** What can be wrong between the relay and a cluster before any request. */
export type Trouble =
  'a cold start' | 'another certificate' | 'a name that does not resolve' | 'a revoked access entry';

export interface FaultyOptions extends Partial<Omit<RelayOptions, 'local' | 'compiled'>> {
  /** Name of a declaration in namespace `shop` -> its sources, each of which becomes a key of its name. */
  readonly declared: ReadonlyMap<string, readonly string[]>;
}

/** Starts the relay with a proxy before its API server, fills in the value `fake-1` everywhere and waits until all Secrets are there. */
export async function startFaultyRelay({ declared, ...options }: FaultyOptions): Promise<FaultyRelay> {
  const local = await startLocal({ clusters: ['one'], progress: silentProgress });
  const cluster = clusterOf(local, 'one');
  const proxy = await startClusterProxy(cluster.registration);
  const describe = (endpoint: string): void =>
    local.aws.registerCluster({ ...cluster.registration, endpoint, caData: proxy.caData });
  describe(proxy.endpoint);
  await cluster.allow('shop');
  const manager = new SecretsManager(clientOptions(local.aws));
  const sources = new Set([...declared.values()].flat());
  for (const Name of sources) await manager.createSecret({ Name, SecretString: 'fake-1' });
  const relay = await startRelay({
    local,
    compiled: compiledOf(declared),
    maxReceiveCount: 50,
    visibilitySeconds: 2,
    ...options,
  });
  // What the functions wait for between two tries is measured where that matters, and not sat through.
  local.aws.chaos.hurry(1);
  const histories = new Map<string, string[]>();
  const endWatch = await cluster.admin.watch('/api/v1/namespaces/shop/secrets?', (object) =>
    remember(histories, object),
  );
  await relay.sweep();
  const calm = (): void => {
    proxy.use(undefined);
    proxy.present('its own');
    describe(proxy.endpoint);
    cluster.accessEntries.set(RELAY_ROLE, { groups: [RELAY_GROUP] });
    local.aws.chaos.use(undefined);
  };
  /** A cold start: it asks EKS, and has no token yet. */
  const beginAnew = async (): Promise<void> => {
    relay.kill('push');
    await relay.replaced('push');
  };
  const suffer = async (trouble: Trouble): Promise<void> => {
    switch (trouble) {
      case 'a cold start':
        return beginAnew();
      case 'another certificate':
        proxy.present('another');
        return;
      case 'a name that does not resolve':
        // A name that nobody has (https://www.rfc-editor.org/rfc/rfc6761#section-6.4).
        describe('https://cluster.invalid');
        return beginAnew();
      case 'a revoked access entry':
        cluster.accessEntries.delete(RELAY_ROLE);
        return beginAnew();
    }
  };
  return {
    ...{ local, cluster, proxy, relay, manager, suffer, calm },
    history: (name) => histories.get(name) ?? [],
    codes: (name) => codesIn(relay.output(), name),
    stop: async () => {
      endWatch();
      manager.destroy();
      await relay.stop();
      await proxy.close();
      await local.stop();
    },
  };
}

function remember(histories: Map<string, string[]>, object: unknown): void {
  const { metadata, data } = fieldsOf(object);
  const pairs = Object.entries(fieldsOf(data)).map(
    ([key, value]) => `${key}=${Buffer.from(String(value), 'base64').toString('utf8')}`,
  );
  const name = String(fieldsOf(metadata)['name']);
  const held = pairs.toSorted().join(' ');
  const history = histories.get(name) ?? [];
  if (history.at(-1) !== held) histories.set(name, [...history, held]);
}

function codesIn(output: string, name: string): readonly string[] {
  const lines = output.split('\n').filter((line) => line.startsWith('{') && line.includes(`"${name}"`));
  const codes = lines.flatMap((line) => {
    const { code, name: named } = fieldsOf(JSON.parse(line));
    return named === name && typeof code === 'string' ? [code] : [];
  });
  return [...new Set(codes)];
}

function compiledOf(declared: ReadonlyMap<string, readonly string[]>): Compiled {
  const config = `apiVersion: keyrelay.dev/v1
kind: Config
clusters: [{ name: one, region: eu-west-1, account: '123456789012', namespaces: [shop], rollouts: { policy: "off" } }]
stores: [{ name: aws, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }]
`;
  const declarations = [...declared].map(
    ([name, sources]) => `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: ${name}, namespace: shop, annotations: { keyrelay.dev/clusters: one } }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: aws }
  data: [${sources.map((key) => `{ secretKey: ${key}, remoteRef: { key: ${key} } }`).join(', ')}]
`,
  );
  return compileOrThrow({
    config: { path: 'keyrelay.yaml', text: config },
    declarations: [{ path: 'all.yaml', text: declarations.join('---\n') }],
  });
}
