import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cyclonedxEsbuildPlugin } from '@cyclonedx/cyclonedx-esbuild';
import { build } from 'esbuild';
import * as z from 'zod/mini';
import { FUNCTIONS, INSTALLER, bundleOptions } from './bundle.ts';

const Bill = z.object({
  components: z.array(
    z.object({
      group: z.optional(z.string()),
      name: z.string(),
      version: z.string(),
      licenses: z.array(z.object({ license: z.object({ id: z.string() }) })),
    }),
  ),
});

/** A package that is part of a bundle. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** SPDX identifiers. */
  readonly licences: readonly string[];
}

/**
 * The software bill of materials of all functions, as CycloneDX 1.6 JSON: the packages that esbuild found a use for, which is what runs, rather
 * than all that is installed. The same sources give the same text, without a time or a serial number, so that a test can hold it.
 * `folder` is scratch space.
 */
export async function billOfMaterials(root: string, folder: string): Promise<string> {
  const entries = [...FUNCTIONS, INSTALLER].map((name): readonly [string, string] => [
    name,
    join('lambda', 'handlers', `${name}.ts`),
  ]);
  const outputFile = join(folder, 'bom.json');
  await build({
    ...bundleOptions(root, Object.fromEntries(entries), join(folder, 'bundles')),
    plugins: [
      cyclonedxEsbuildPlugin({ specVersion: '1.6', outputFile, outputReproducible: true, validate: true }),
    ],
  });
  return `${(await readFile(outputFile, 'utf8')).trimEnd()}\n`;
}

/** What a bill lists. Throws where a package states no licence by its SPDX identifier: somebody has to look at that one. */
export function componentsOf(bill: string): readonly Component[] {
  return Bill.parse(JSON.parse(bill)).components.map(({ group, name, version, licenses }) => ({
    name: group === undefined ? name : `${group}/${name}`,
    version,
    licences: licenses.map(({ license }) => license.id),
  }));
}

/** The licences as a page for people. */
export function licenceTable(bill: string): string {
  const rows = componentsOf(bill).map(
    ({ name, version, licences }) => `| \`${name}\` | ${version} | ${licences.join(', ')} |`,
  );
  return [
    '# Licences of what the functions contain',
    '',
    'Made by `npm run sbom` from [sbom.cdx.json](sbom.cdx.json), the software bill of materials (CycloneDX 1.6) of the bundles: what esbuild found a use',
    'for. Why each is there: [dependencies.md](dependencies.md).',
    '',
    '| package | version | licence |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
