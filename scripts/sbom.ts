// `npm run sbom`: docs/sbom.cdx.json, what is in the functions' bundles, and docs/licences.md, under which licences.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { billOfMaterials, licenceTable } from '../infra/bill-of-materials.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'keyrelay-sbom-'));
try {
  const bill = join(root, 'docs', 'sbom.cdx.json');
  await writeFile(bill, await billOfMaterials(root, folder));
  const licences = join(root, 'docs', 'licences.md');
  const options = await resolveConfig(licences);
  const table = licenceTable(await readFile(bill, 'utf8'));
  await writeFile(licences, await format(table, { ...options, parser: 'markdown' }));
  console.log(`wrote ${bill} and ${licences}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
