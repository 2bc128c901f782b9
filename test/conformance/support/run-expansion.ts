import { stringify } from 'yaml';
import { compileConfig } from '../../../lambda/declarations/compile.ts';
import { selectFiled, withSelected } from '../../../lambda/declarations/filed-selection.ts';
import { declarationId } from '../../../lambda/model/declaration.ts';
import type { ExpansionCase } from './expansion-format.ts';
import { CLUSTER, configFor, refusalOf, renderDeclaration } from './run-case.ts';
import type { Outcome } from './run-case.ts';

/** What a ClusterExternalSecret came to in the cluster. */
export type Expanded =
  | {
      readonly kind: 'placed';
      /** By `namespace/name`. */
      readonly placed: ReadonlyMap<string, Outcome>;
      /** Namespace -> code. */
      readonly refused: Readonly<Record<string, string>>;
    }
  | Extract<Outcome, { readonly kind: 'error' }>;

/** Compiles the files of a case, selects by the labels of the case's namespaces, and renders, through the functions that the Lambda uses. */
export async function runExpansion(example: ExpansionCase): Promise<Expanded> {
  const { stored, served, namespaces, beside } = example;
  const manifests = [manifestOf(example), ...beside];
  const result = compileConfig({
    config: { path: 'keyrelay.yaml', text: stringify(configFor(stored, served)) },
    declarations: manifests.map((manifest, n) => ({ path: `case-${n}.yaml`, text: stringify(manifest) })),
  });
  if (result.kind !== 'compiled') return refusalOf(result.problems);
  const { declarations } = result.config;
  const there = Object.entries(namespaces).map(([name, labels]) => ({ name, labels }));
  const selection = selectFiled(CLUSTER, declarations, there);
  const counting = withSelected(declarations, new Map([[CLUSTER, selection]]));
  const placed = await Promise.all(
    counting.map(async (item) => [declarationId(item), await renderDeclaration(item, { stored })] as const),
  );
  return {
    kind: 'placed',
    placed: new Map(placed),
    refused: Object.fromEntries(selection.refused.map(({ namespace, error }) => [namespace, error.code])),
  };
}

function manifestOf({ metadata, spec: { externalSecretSpec, ...spec } }: ExpansionCase): object {
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ClusterExternalSecret',
    metadata: { name: 'example', annotations: { 'keyrelay.dev/clusters': CLUSTER }, ...metadata },
    spec: {
      ...spec,
      externalSecretSpec: {
        secretStoreRef: { name: 'aws' },
        data: [{ secretKey: 'password', remoteRef: { key: 'prod/db' } }],
        ...(typeof externalSecretSpec === 'object' ? externalSecretSpec : {}),
      },
    },
  };
}
