import { RE2JS } from 're2js';
import type { Namespace } from '../model/ports.ts';
import { selects } from './label-selector.ts';
import type { Condition } from './secret-store-schema.ts';

/** What a store says of who may use it. */
export interface Openness {
  readonly kind: 'SecretStore' | 'ClusterSecretStore';
  /** That of a SecretStore. */
  readonly namespace?: string | undefined;
  readonly conditions: readonly Condition[];
}

/**
 * The namespaces, of those given, that a store is open to: a SecretStore to its own; a ClusterSecretStore without conditions to all, and
 * with some to what one of them names.
 *
 * @param known the cluster's namespaces with their labels
 */
export function namespacesOf(
  { kind, namespace, conditions }: Openness,
  namespaces: readonly string[],
  known: readonly Namespace[],
): readonly string[] {
  if (kind === 'SecretStore') return namespaces.filter((name) => name === namespace);
  if (conditions.length === 0) return namespaces;
  const labels = new Map(known.map((namespace) => [namespace.name, namespace.labels]));
  return namespaces.filter((name) =>
    conditions.some((condition) => holds(condition, name, labels.get(name))),
  );
}

/** Any of the three will do, as in ESO; an expression may match anywhere in the name. */
function holds(
  { namespaces, namespaceSelector, namespaceRegexes }: Condition,
  name: string,
  labels: Namespace['labels'] | undefined,
): boolean {
  return (
    namespaces.includes(name) ||
    (namespaceSelector !== undefined && labels !== undefined && selects(namespaceSelector, labels)) ||
    namespaceRegexes.some((expression) => RE2JS.compile(expression).matcher(name).find())
  );
}
