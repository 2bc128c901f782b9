import { stringify } from 'yaml';
import { compileConfig } from '../../../lambda/declarations/compile.ts';
import { formatProblem } from '../../../lambda/declarations/problems.ts';
import type { Problem } from '../../../lambda/declarations/problems.ts';
import {
  findsOf,
  sourcesOf,
  templateObjectId,
  templateObjectsOf,
} from '../../../lambda/model/declaration.ts';
import type { Declaration, TemplateObjectRef } from '../../../lambda/model/declaration.ts';
import { RelayError } from '../../../lambda/errors.ts';
import { findId } from '../../../lambda/model/source.ts';
import type { Inputs, TemplateObjects } from '../../../lambda/model/source.ts';
import { Sensitive } from '../../../lambda/sensitive.ts';
import type { DesiredSecret } from '../../../lambda/model/target.ts';
import { sourceByStore } from '../../../lambda/sources/by-store.ts';
import { render } from '../../../lambda/render/render.ts';
import type { Case, Stored } from './case-format.ts';
import { MemorySource } from './memory-source.ts';

export const CLUSTER = 'prod-eu';

/** Stores of every sort, which may read what is stored, and one cluster. */
export function configFor(stored: readonly Stored[], namespaces: readonly string[]): object {
  const secrets = [...new Set(stored.map(({ name }) => `${name.slice(0, 1)}*`))];
  const store = (name: string, aws: object = { service: 'SecretsManager' }): object => ({
    name,
    provider: { aws: { region: 'eu-west-1', ...aws } },
    secrets,
  });
  return {
    apiVersion: 'keyrelay.dev/v1',
    kind: 'Config',
    clusters: [{ name: CLUSTER, region: 'eu-west-1', account: '111122223333', namespaces }],
    stores: [
      store('aws'),
      store('other'),
      store('parameters', { service: 'ParameterStore' }),
      store('prefixed', { service: 'ParameterStore', prefix: '/shop/' }),
    ],
  };
}

/** What a case came to. An error is told as the Lambda or the compiler tells it. */
export type Outcome =
  | { readonly kind: 'secret'; readonly secret: DesiredSecret }
  | { readonly kind: 'empty' }
  | { readonly kind: 'error'; readonly codes: readonly string[]; readonly message: string };

/** Compiles the manifest of a case and renders it from what the case has stored, through the functions that the Lambda uses. */
export async function runCase(example: Case): Promise<Outcome> {
  const result = compileConfig({
    config: { path: 'keyrelay.yaml', text: stringify(configFor(example.stored ?? [], ['shop'])) },
    declarations: [{ path: 'case.yaml', text: stringify(manifestOf(example)) }],
  });
  if (result.kind === 'compiled') return renderCase(result.config.declarations, example);
  return refusalOf(result.problems);
}

/** What a compilation that failed tells. */
export function refusalOf(problems: readonly Problem[]): Extract<Outcome, { readonly kind: 'error' }> {
  return {
    kind: 'error',
    codes: problems.map(({ code }) => code),
    message: problems.map(formatProblem).join('\n'),
  };
}

async function renderCase(declarations: readonly Declaration[], example: Case): Promise<Outcome> {
  const [declaration] = declarations;
  if (declaration === undefined) throw new Error('the manifest of the case declares nothing');
  return renderDeclaration(declaration, example);
}

/** Renders a declaration from what is stored, and from what lies in the cluster. */
export async function renderDeclaration(
  declaration: Declaration,
  example: Pick<Case, 'stored' | 'cluster'>,
): Promise<Outcome> {
  const rendered = render(declaration, CLUSTER, await inputsOf(declaration, example));
  if (rendered.kind !== 'failure') return rendered;
  return { kind: 'error', codes: [rendered.error.code], message: rendered.error.message };
}

async function inputsOf(
  declaration: Declaration,
  { stored = [], cluster = [] }: Pick<Case, 'stored' | 'cluster'>,
): Promise<Inputs> {
  const secrets = new MemorySource('SecretsManager', stored);
  const parameters = new MemorySource('ParameterStore', stored);
  const source = sourceByStore(
    new Map([
      ['aws', secrets],
      ['other', secrets],
      ['parameters', parameters],
      ['prefixed', parameters],
    ]),
  );
  const { signal } = new AbortController();
  const finds = findsOf(declaration).map(
    async (query) => [findId(query), await source.find(query, signal)] as const,
  );
  return {
    values: await source.read(sourcesOf(declaration), signal),
    finds: new Map(await Promise.all(finds)),
    objects: new Map(
      templateObjectsOf(declaration).map((ref) => [templateObjectId(ref), objectOf(ref, cluster)]),
    ),
  };
}

type ObjectResult = TemplateObjects extends ReadonlyMap<string, infer T> ? T : never;

function objectOf({ kind, name }: TemplateObjectRef, objects: NonNullable<Case['cluster']>): ObjectResult {
  const object = objects.find((each) => each.kind === kind && each.name === name);
  if (object === undefined)
    return {
      kind: 'failure',
      error: new RelayError('TEMPLATE_OBJECT_MISSING', `${kind}/${name} of shop/example is not there`),
    };
  const data = Object.entries(object.data).map(
    ([key, text]) => [key, new Sensitive<Uint8Array>(Buffer.from(text))] as const,
  );
  return { kind: 'object', object: { version: '1', data: new Map(data) } };
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
