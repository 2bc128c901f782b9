import { stringify } from 'yaml';
import { compileConfig } from '../../../lambda/declarations/compile.ts';
import { formatProblem } from '../../../lambda/declarations/problems.ts';
import { sourcesOf } from '../../../lambda/model/declaration.ts';
import type { Declaration } from '../../../lambda/model/declaration.ts';
import type { DesiredSecret } from '../../../lambda/model/target.ts';
import { render } from '../../../lambda/render/render.ts';
import type { Case } from './case-format.ts';
import { MemorySource } from './memory-source.ts';

const CLUSTER = 'prod-eu';

const CONFIG = {
  apiVersion: 'keyrelay.dev/v1',
  kind: 'Config',
  clusters: [{ name: CLUSTER, region: 'eu-west-1', account: '111122223333', namespaces: ['shop'] }],
  stores: [
    { name: 'aws', provider: { aws: { service: 'SecretsManager', region: 'eu-west-1' } } },
    { name: 'other', provider: { aws: { service: 'SecretsManager', region: 'eu-west-1' } } },
  ],
};

/** What a case came to. An error is told as the Lambda or the compiler tells it. */
export type Outcome =
  | { readonly kind: 'secret'; readonly secret: DesiredSecret }
  | { readonly kind: 'empty' }
  | { readonly kind: 'error'; readonly codes: readonly string[]; readonly message: string };

/** Compiles the manifest of a case and renders it from what the case has stored, through the functions that the Lambda uses. */
export async function runCase(example: Case): Promise<Outcome> {
  const result = compileConfig({
    config: { path: 'keyrelay.yaml', text: stringify(CONFIG) },
    declarations: [{ path: 'case.yaml', text: stringify(manifestOf(example)) }],
  });
  if (result.kind === 'compiled') return renderCase(result.config.declarations, example);
  return {
    kind: 'error',
    codes: result.problems.map(({ code }) => code),
    message: result.problems.map(formatProblem).join('\n'),
  };
}

async function renderCase(declarations: readonly Declaration[], { stored = [] }: Case): Promise<Outcome> {
  const [declaration] = declarations;
  if (declaration === undefined) throw new Error('the manifest of the case declares nothing');
  const results = await new MemorySource(stored).read(sourcesOf(declaration));
  const rendered = render(declaration, CLUSTER, results);
  if (rendered.kind !== 'failure') return rendered;
  return { kind: 'error', codes: [rendered.error.code], message: rendered.error.message };
}

function manifestOf({ manifest, metadata }: Case): object {
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: {
      name: 'example',
      namespace: 'shop',
      annotations: { 'keyrelay.dev/clusters': CLUSTER },
      ...metadata,
    },
    spec: { secretStoreRef: { name: 'aws' }, ...manifest },
  };
}
