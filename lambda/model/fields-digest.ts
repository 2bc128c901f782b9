import { createHash } from 'node:crypto';
import { ANNOTATION_PREFIX } from '../contract.ts';

/** The fields of a Secret, by name. */
export interface FieldNames {
  readonly keys: Iterable<string>;
  readonly labels: Iterable<string>;
  readonly annotations: Iterable<string>;
}

/**
 * Stands for a set of field names, in any order; the relay's own annotations do not count. Whoever changes or removes a field takes it from the
 * relay (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management), so that the digest of what the relay still owns
 * equals that of what it wrote as long as nobody did.
 */
export function fieldsDigest({ keys, labels, annotations }: FieldNames): string {
  const foreign = [...annotations].filter((name) => !name.startsWith(ANNOTATION_PREFIX));
  const names = [keys, labels, foreign].map((field) => [...new Set(field)].toSorted());
  return createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 16);
}
