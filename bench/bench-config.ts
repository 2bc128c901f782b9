import { compileOrThrow } from '../lambda/declarations/compile-or-throw.ts';
import type { Compiled } from '../lambda/declarations/compile.ts';

/** What a benchmark declares, for each of the clusters. */
export interface BenchDeclarations {
  readonly clusters?: readonly string[];
  readonly namespaces?: readonly string[];
  /** So many Secrets, spread evenly over the namespaces. */
  readonly count: number;
  /** Number of the secret that the n-th Secret is of; its own where undefined. */
  readonly sourceOf?: (n: number) => number;
}

/** Name of the n-th secret. */
export function benchSecret(n: number): string {
  return `bench-${n}`;
}

/** Where the n-th Secret lies. */
export function benchNamespace(n: number, namespaces: readonly string[]): string {
  return namespaces[n % namespaces.length] ?? '';
}

/** Where an ExternalSecret lies and what it is of. */
export interface BenchDeclaration {
  readonly name: string;
  readonly namespace: string;
  readonly clusters: readonly string[];
  readonly secret: string;
}

/** An ExternalSecret that copies a secret's value whole. */
export function benchDeclaration({ name, namespace, clusters, secret }: BenchDeclaration) {
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, namespace, annotations: { 'keyrelay.dev/clusters': clusters.join(', ') } },
    spec: {
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'aws' },
      data: [{ secretKey: 'value', remoteRef: { key: secret } }],
    },
  };
}

/** The configuration with which `cdk deploy` would ship these declarations. */
export function benchConfig({
  count,
  clusters = ['bench'],
  namespaces = ['bench'],
  sourceOf = (n) => n,
}: BenchDeclarations): Compiled {
  const cluster = (name: string): string =>
    `  - { name: ${name}, region: eu-west-1, account: '123456789012', namespaces: [${namespaces.join(', ')}] }\n`;
  const config = `apiVersion: keyrelay.dev/v1\nkind: Config\nclusters:\n${clusters.map(cluster).join('')}stores: [{ name: aws, secrets: ['bench-*'], provider: { aws: { service: SecretsManager, region: eu-west-1 } } }]\n`;
  const one = (n: number): string => {
    const place = { name: `s${n}`, namespace: benchNamespace(n, namespaces) };
    return JSON.stringify(benchDeclaration({ ...place, clusters, secret: benchSecret(sourceOf(n)) }));
  };
  // JSON is YAML.
  const declarations = Array.from({ length: count }, (_, n) => one(n)).join('\n---\n');
  return compileOrThrow({
    config: { path: 'keyrelay.yaml', text: config },
    declarations: [{ path: 'bench.yaml', text: declarations }],
  });
}
