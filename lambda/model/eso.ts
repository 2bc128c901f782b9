/** How External Secrets Operator (ESO) marks what it writes (its apis/externalsecrets/v1/externalsecret_types.go and externalsecret_controller.go). */

/** Labels of a Secret that ESO writes: that it does, and a hash of the ExternalSecret, by which it deletes those that are no longer its target. */
export const ESO_LABELS: readonly string[] = [
  'reconcile.external-secrets.io/managed',
  'reconcile.external-secrets.io/created-by',
];

/** Annotations of such a Secret: a plain hash of its data. */
export const ESO_ANNOTATIONS: readonly string[] = ['reconcile.external-secrets.io/data-hash'];

/** Whether a field manager of a Secret is ESO: its prefix, then the name of the ExternalSecret or a hash of it. */
export function isEso(fieldManager: string): boolean {
  return fieldManager.startsWith('externalsecrets.external-secrets.io/');
}
