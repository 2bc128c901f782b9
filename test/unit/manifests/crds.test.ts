import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { installedManifests } from '../../../infra/manifests/cluster-manifests.ts';
import { crds } from '../../../infra/manifests/crds.ts';
import { LABEL } from '../../../lambda/contract.ts';
import { compileOrThrow } from '../../../lambda/declarations/compile-or-throw.ts';
import type { Compiled } from '../../../lambda/declarations/compile.ts';
import { CRD } from '../../../lambda/model/manifest.ts';
import type { Manifest } from '../../../lambda/model/manifest.ts';
import { esoDefinitions } from '../../support/eso-definitions.ts';

const Definition = z.looseObject({
  spec: z.looseObject({
    group: z.string(),
    scope: z.string(),
    names: z.looseObject({ kind: z.string() }),
    versions: z.array(
      z.looseObject({
        name: z.string(),
        additionalPrinterColumns: z.unknown(),
        subresources: z.unknown(),
        schema: z.object({
          openAPIV3Schema: z.looseObject({ properties: z.record(z.string(), z.unknown()) }),
        }),
      }),
    ),
  }),
});

/** What tools and eyes see of a kind: everything but the schema of its spec. */
function surfaceOf(manifest: Manifest): unknown {
  const { group, scope, names, versions } = Definition.parse(manifest).spec;
  const v1 = versions.find(({ name }) => name === 'v1');
  return {
    ...{ group, scope, names },
    columns: v1?.additionalPrinterColumns,
    subresources: v1?.subresources,
    selectable: v1?.['selectableFields'],
    status: shapeOf(v1?.schema.openAPIV3Schema.properties['status']),
  };
}

/** Types, formats and members of a schema, without its words. */
function shapeOf(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  const { type, format, nullable, items, properties, required } = z
    .looseObject({ properties: z.optional(z.record(z.string(), z.unknown())) })
    .parse(schema);
  return {
    ...{ type, format, nullable, required },
    items: shapeOf(items),
    properties: Object.fromEntries(
      Object.entries(properties ?? {}).map(([name, member]) => [name, shapeOf(member)]),
    ),
  };
}

const THEIRS = esoDefinitions();

describe('a kind that declares Secrets in a cluster', () => {
  (THEIRS.length === 0 ? test.skip : test)('shows itself as ESO’s own does', () => {
    const shown = (definitions: readonly Manifest[]): ReadonlyMap<string, unknown> =>
      new Map(definitions.map((definition) => [definition.metadata.name, surfaceOf(definition)]));

    expect(shown(crds())).toEqual(shown(THEIRS));
  });

  test('is the relay’s by its label, and no single relay’s', () => {
    for (const { metadata } of crds()) expect(metadata.labels).toEqual({ [LABEL.managedBy]: 'keyrelay' });
  });
});

describe('the installer', () => {
  test.each([
    ['files', []],
    ['cluster', crds()],
    ['both', crds()],
  ] as const)('of a cluster with declarations: %s brings the kinds that they need', (declarations, kinds) => {
    const cluster = { name: 'dev', namespaces: ['shop'], declarations };
    const { config, deployment } = compiled();

    const manifests = installedManifests(config, deployment, cluster);

    expect(manifests.filter(({ kind }) => kind === CRD.kind)).toEqual(kinds);
  });
});

function compiled(): Compiled {
  const text = `apiVersion: keyrelay.dev/v1
kind: Config
clusters: [{ name: dev, region: eu-west-1, account: '111122223333', namespaces: [shop] }]
stores: [{ name: aws, provider: { aws: { service: SecretsManager, region: eu-west-1 } } }]
`;
  return compileOrThrow({ config: { path: 'keyrelay.yaml', text }, declarations: [] });
}
