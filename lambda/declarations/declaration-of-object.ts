import type { Cluster, Store } from '../model/config.ts';
import { sourcesOf } from '../model/declaration.ts';
import type { Declaration } from '../model/declaration.ts';
import { nameOf } from '../model/naming.ts';
import { check, problemAt } from './check.ts';
import type { Checked } from './check.ts';
import type { ClusterObject } from './cluster-object.ts';
import { storeName } from './cluster-stores.ts';
import { ExternalSecret } from './external-secret-schema.ts';
import { EXTERNAL_SECRET_VOCABULARY } from './external-secret-vocabulary.ts';
import type { Problem } from './problems.ts';
import { toDeclaration } from './to-declaration.ts';

/** What an ExternalSecret of a cluster declares, or everything that is wrong with it. */
export function declarationOfObject(
  cluster: Cluster,
  object: ClusterObject,
  stores: readonly Store[],
): Checked<Declaration> {
  const checked = check(ExternalSecret, object.document, EXTERNAL_SECRET_VOCABULARY);
  if (checked.kind === 'problems') return checked;
  const result = toDeclaration(checked.value, object.document, {
    clusters: [cluster],
    stores,
    inCluster: {
      name: cluster.name,
      storeName: (ref) => storeName(cluster.name, object.namespace, ref),
    },
  });
  if (result.kind === 'problems') return result;
  const problems = deniedSecrets(object, result.value, stores);
  return problems.length > 0
    ? { kind: 'problems', problems }
    : { kind: 'ok', value: { ...result.value, origin: object.origin } };
}

/**
 * A namespace that names another team's secret, or one that it may only read as somebody else. The name in an ARN is taken as it stands, suffix and all, because a name may end like one:
 * only a pattern with a `*` admits ARNs.
 */
function deniedSecrets(
  object: ClusterObject,
  declaration: Declaration,
  stores: readonly Store[],
): readonly Problem[] {
  return sourcesOf(declaration).flatMap(({ key, store }) => {
    const allowed = stores.find((candidate) => candidate.name === store)?.secrets ?? [];
    const name = nameOf(key);
    const fits = allowed.some((pattern) =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    );
    return fits
      ? []
      : [
          problemAt(object.document, ['spec'], {
            code: 'DECLARATION_INVALID',
            found: `the secret ${name}`,
            expected: `one that clusters[].allow of keyrelay.yaml allows to ${object.namespace} by such a store (${allowed.join(', ')})`,
          }),
        ];
  });
}
