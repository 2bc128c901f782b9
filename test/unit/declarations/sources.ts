import { compileConfig } from '../../../lambda/declarations/compile.ts';
import type { ConfigSources } from '../../../lambda/declarations/compile.ts';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import { formatProblem } from '../../../lambda/declarations/problems.ts';
import type { CompiledConfig } from '../../../lambda/model/config.ts';
import type { Declaration } from '../../../lambda/model/declaration.ts';

/** A configuration of two clusters and one store, of which a test replaces what it is about. */
export const CONFIG = `apiVersion: keyrelay.dev/v1
kind: Config
clusters:
  - name: prod-eu
    region: eu-west-1
    account: '111122223333'
    namespaces: [shop, web]
    labels: { env: prod }
  - name: test-eu
    region: eu-west-1
    account: '111122223333'
    namespaces: [shop]
    labels: { env: test }
stores:
  - name: aws
    provider: { aws: { service: SecretsManager, region: eu-west-1 } }
`;

/** An ExternalSecret that compiles; its lines are numbered by the tests that ask for places. */
export const MANIFEST = `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: db
  namespace: shop
  annotations:
    keyrelay.dev/clusters: prod-eu
spec:
  secretStoreRef: { name: aws }
  data:
    - secretKey: password
      remoteRef: { key: prod/db }
`;

/** The text with one piece replaced; a piece that is not there is a mistake in the test. */
export function edit(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`the text holds no ${JSON.stringify(from)}`);
  return text.replace(from, () => to);
}

function sourcesOf(manifests: string, config: string): ConfigSources {
  const declarations = [{ path: 'declarations/a.yaml', text: manifests }];
  return { config: { path: 'keyrelay.yaml', text: config }, declarations };
}

/** The compiled configuration; the test fails with the problems where there are any. */
export function compiled(manifests = MANIFEST, config = CONFIG): CompiledConfig {
  return compileOrThrow(sourcesOf(manifests, config)).config;
}

/** The one declaration of a manifest. */
export function declared(manifest = MANIFEST, config = CONFIG): Declaration {
  const [declaration] = compiled(manifest, config).declarations;
  if (declaration === undefined) throw new Error('nothing is declared');
  return declaration;
}

/** Every problem as it is shown, with its code in front. */
export function problems(manifests: string, config = CONFIG): readonly string[] {
  const result = compileConfig(sourcesOf(manifests, config));
  return result.kind === 'compiled'
    ? []
    : result.problems.map((problem) => `${problem.code} ${formatProblem(problem)}`);
}
