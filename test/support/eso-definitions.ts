import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import type { Manifest } from '../../lambda/model/manifest.ts';
import { esoCrds } from './eso-crds.ts';

const Definition = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()) }),
});

const PLURALS = ['externalsecrets', 'clusterexternalsecrets', 'secretstores', 'clustersecretstores'];

/** ESO's CRDs as objects; none where they are not at hand, and then nothing is compared with them. */
export function esoDefinitions(): readonly Manifest[] {
  const folder = esoCrds();
  if (folder === undefined) return [];
  return PLURALS.map((plural) =>
    Definition.parse(parse(readFileSync(join(folder, `${plural}.yaml`), 'utf8'))),
  );
}
