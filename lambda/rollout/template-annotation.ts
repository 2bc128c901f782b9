import { createHash } from 'node:crypto';
import { TEMPLATE_ANNOTATION_PREFIX } from '../contract.ts';

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set */
const MAX_NAME = 63;
const DIGEST_LENGTH = 10;

/** The annotation of pod templates that tells which revision of a Secret their pods have. */
export function templateAnnotation(secret: string): string {
  return TEMPLATE_ANNOTATION_PREFIX + fitting(secret);
}

/** A Secret's name may be four times as long: its beginning, and a digest of the name for what is cut off. */
function fitting(name: string): string {
  if (name.length <= MAX_NAME) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, DIGEST_LENGTH);
  return `${name.slice(0, MAX_NAME - DIGEST_LENGTH - 1)}-${digest}`;
}
