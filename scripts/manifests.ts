// `npm run manifests [-- --config FOLDER] [-- --out FOLDER]`: what lies in each cluster for the relay, one file for each cluster, for GitOps.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { clusterManifests, declaresItself } from '../infra/manifests/cluster-manifests.ts';
import { crds } from '../infra/manifests/crds.ts';
import { readConfig } from '../lambda/declarations/read-config.ts';

const { values } = parseArgs({
  options: {
    config: { type: 'string', default: 'config' },
    out: { type: 'string', default: 'dist/manifests' },
  },
});
const { config, deployment } = await readConfig(values.config);
for (const cluster of config.clusters) {
  const folder = join(values.out, cluster.name);
  const path = join(folder, 'keyrelay.yaml');
  await mkdir(folder, { recursive: true });
  const documents = clusterManifests(config, deployment, cluster).map((manifest) => stringify(manifest));
  await writeFile(path, documents.join('---\n'));
  console.log(`wrote ${path}: kubectl apply --server-side -f ${path}`);
  if (!declaresItself(cluster)) continue;
  // In a folder of its own, so that who applies the other one does not replace the kinds of External Secrets Operator by the way.
  const kinds = join(folder, 'crds', 'external-secrets.yaml');
  await mkdir(join(folder, 'crds'), { recursive: true });
  await writeFile(
    kinds,
    crds()
      .map((manifest) => stringify(manifest, { aliasDuplicateObjects: false }))
      .join('---\n'),
  );
  console.log(
    `wrote ${kinds}, for a cluster without External Secrets Operator: kubectl apply --server-side -f ${kinds}`,
  );
}
