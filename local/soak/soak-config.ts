import { compileOrThrow } from '../../lambda/declarations/compile-or-throw.ts';
import type { Compiled } from '../../lambda/declarations/compile.ts';
import type { DeclaredSecret, Setting } from './setting.ts';

/** The configuration that declares a setting, in the cluster `one`. */
export function soakConfig({ namespaces, declared }: Setting): Compiled {
  const config = `apiVersion: keyrelay.dev/v1
kind: Config
clusters: [{ name: one, region: eu-west-1, account: '123456789012', namespaces: [${namespaces.join(', ')}], rollouts: { policy: auto } }]
stores: [{ name: aws, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }]
settings: { rollouts: { debounceSeconds: 1 } }
`;
  return compileOrThrow({
    config: { path: 'keyrelay.yaml', text: config },
    declarations: [{ path: 'soak.yaml', text: [...declared.values()].map(declarationOf).join('---\n') }],
  });
}

function declarationOf({ namespace, name, policy, sources }: DeclaredSecret): string {
  const data = sources.map((source) => `{ secretKey: ${source}, remoteRef: { key: ${source} } }`).join(', ');
  return `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: ${name}, namespace: ${namespace}, annotations: { keyrelay.dev/clusters: one } }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: aws }
  target: { creationPolicy: ${policy} }
  data: [${data}]
`;
}
