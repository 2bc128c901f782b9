import type { Expansion } from '../declarations/cluster-expansions.ts';
import { describeProblems } from '../declarations/problems.ts';
import type { Condition, DeclaredObject, NamespaceFailure, ObjectStatus } from '../model/declared-object.ts';
import { saysTheSame } from './next-status.ts';

/** By namespace: why it has not what was asked for; undefined where it has. A namespace that is not in it was not looked at. */
export type NamespaceResults = ReadonlyMap<string, string | undefined>;

const OUTSIDE = 'the relay does not serve this namespace: clusters[].namespaces of keyrelay.yaml lacks it';

/**
 * The status of a ClusterExternalSecret, complete, or undefined where the one that stands there says it already. Pure. Members, words and order are
 * ESO's (its pkg/controllers/clusterexternalsecret). Shards and pushes each look at some namespaces, so that what stands there of the others stays.
 *
 * | of a namespace                            | it is among                        |
 * |-------------------------------------------|------------------------------------|
 * | selected, and looked at                   | provisioned, or failed with why    |
 * | selected, and not looked at               | what it was among                  |
 * | selected, and not one of the relay's      | failed                             |
 * | selected no longer                        | neither                            |
 *
 * Ready is False while any has failed. One that is broken has Ready=False with what is wrong, and its namespaces stay as they were told.
 */
export function nextExpansionStatus(
  { status: before }: DeclaredObject,
  { problems, externalSecretName, namespaces, outside }: Expansion,
  results: NamespaceResults,
): ObjectStatus | undefined {
  const { provisionedNamespaces = [], failedNamespaces = [] } = before;
  const told = new Map<string, NamespaceFailure | undefined>([
    ...provisionedNamespaces.map((namespace) => [namespace, undefined] as const),
    ...failedNamespaces.map((failure) => [failure.namespace, failure] as const),
    ...outside.map((namespace) => [namespace, { namespace, reason: OUTSIDE }] as const),
    ...[...results].map(
      ([namespace, reason]) => [namespace, reason === undefined ? reason : { namespace, reason }] as const,
    ),
  ]);
  if (problems.length > 0) {
    const message = describeProblems(problems);
    return changed(before, { ...before, conditions: withPlainReady(before, message) });
  }
  const selected = [...namespaces, ...outside].toSorted().filter((namespace) => told.has(namespace));
  const failures = selected.flatMap((namespace) => told.get(namespace) ?? []);
  return changed(before, {
    conditions: withPlainReady(before, failures.length === 0 ? undefined : 'one or more namespaces failed'),
    externalSecretName,
    // An apply clears what another manager wrote by another value only, so that none is said by an empty list.
    provisionedNamespaces: selected.filter((namespace) => told.get(namespace) === undefined),
    failedNamespaces: failures,
  });
}

/** Conditions of this kind have no reason and no times: ESO's CRD refuses what it does not know when it is applied. */
function withPlainReady({ conditions }: ObjectStatus, message: string | undefined): readonly Condition[] {
  const others = conditions.filter(({ type }) => type !== 'Ready');
  return [
    ...others,
    message === undefined ? { type: 'Ready', status: 'True' } : { type: 'Ready', status: 'False', message },
  ];
}

function changed(before: ObjectStatus, next: ObjectStatus): ObjectStatus | undefined {
  return saysTheSame(before, next) ? undefined : next;
}
