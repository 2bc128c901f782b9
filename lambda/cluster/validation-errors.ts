import type { KubeCause, KubeStatus } from './kube-status.ts';
import type { Verdict } from './kube-errors.ts';

/**
 * What a refusal by validation (422) means, by its causes, as kube-apiserver 1.36 gives them.
 *
 * | cause                                    | code             |
 * |------------------------------------------|------------------|
 * | metadata.uid                             | TARGET_CONTENDED |
 * | type                                     | TARGET_IMMUTABLE |
 * | immutable, or data that is forbidden     | TARGET_IMMUTABLE |
 * | a key that the type wants, missing       | CLUSTER_REJECTED |
 * | a value that the type does not take      | CLUSTER_REJECTED |
 * | no field: a ValidatingAdmissionPolicy    | CLUSTER_REJECTED |
 * | any other field                          | CLUSTER_REJECTED |
 */
export function refusal({ causes }: KubeStatus): Verdict {
  if (causes.some(({ field }) => field === 'metadata.uid')) {
    return [
      'TARGET_CONTENDED',
      'it was deleted and created anew since it was observed; the relay begins again',
    ];
  }
  if (causes.some(({ field }) => field === 'type')) {
    return ['TARGET_IMMUTABLE', 'the type of a Secret cannot change; delete it, and it is created anew'];
  }
  if (causes.some(isImmutability)) {
    return ['TARGET_IMMUTABLE', 'somebody made the Secret immutable; delete it, and it is created anew'];
  }
  const wanted = keysAt(causes, 'FieldValueRequired');
  if (wanted.length > 0) {
    return [
      'CLUSTER_REJECTED',
      `a Secret of its type needs ${wanted.join(' and ')}: make it in target.template, or name it with secretKey`,
    ];
  }
  const wrong = keysAt(causes, 'FieldValueInvalid');
  if (wrong.length > 0) {
    return [
      'CLUSTER_REJECTED',
      `a Secret of its type takes no such value as ${wrong.join(' and ')}, such as one that is not the JSON of Docker’s configuration; correct the value or the template`,
    ];
  }
  if (causes.every(({ field }) => field === '')) {
    return [
      'CLUSTER_REJECTED',
      'an admission policy of the cluster refuses it; the API server’s audit log names it',
    ];
  }
  return ['CLUSTER_REJECTED', 'validation refuses it; correct the declaration or the value'];
}

/** Whether the Secret is larger than the API server takes (https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size). */
export function isTooLarge({ causes, tooLargeForEtcd }: KubeStatus): boolean {
  return (
    tooLargeForEtcd || causes.some(({ field, reason }) => field === 'data' && reason === 'FieldValueTooLong')
  );
}

/** The keys of the Secret that causes of this reason name. */
function keysAt(causes: readonly KubeCause[], wanted: string): readonly string[] {
  return causes.flatMap(({ field, reason }) => {
    const key = /^data\[(?<key>[^\]]+)\]$/u.exec(field)?.groups?.['key'];
    return reason === wanted && key !== undefined ? [key] : [];
  });
}

function isImmutability({ field, reason }: KubeCause): boolean {
  return field === 'immutable' || (field === 'data' && reason === 'FieldValueForbidden');
}
