import { INSTANCE_LABEL, LABEL, MANAGED_BY } from '../../../lambda/contract.ts';
import { CRD, MANIFEST_KINDS } from '../../../lambda/model/manifest.ts';
import type { Manifest } from '../../../lambda/model/manifest.ts';

/** One manifest, labelled as the deployment labels them. */
export function aManifest(kind: string, name: string, namespace?: string): Manifest {
  const apiVersion = [...MANIFEST_KINDS, CRD].find((known) => known.kind === kind)?.apiVersion ?? 'v1';
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { [LABEL.managedBy]: MANAGED_BY, [INSTANCE_LABEL]: name },
    },
  };
}
