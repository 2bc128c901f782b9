import { ANNOTATION_PREFIX, LABEL } from '../contract.ts';
import { RelayError } from '../errors.ts';

/** Kubernetes' rules (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set). */
const NAME =
  /^(?:(?=.{1,253}\/)[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/u;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?$/u;

/** Whether Kubernetes takes it as the value of a label. */
export function isLabelValue(value: string): boolean {
  return LABEL_VALUE.test(value);
}

/**
 * Refuses labels and annotations, which templates may have made, that the API server would not take or that only the relay may set. A value is
 * not quoted: it may come from a secret.
 *
 * @throws RelayError METADATA_INVALID
 */
export function checkMetadata(
  labels: ReadonlyMap<string, string>,
  annotations: ReadonlyMap<string, string>,
  id: string,
): void {
  const own: readonly string[] = Object.values(LABEL);
  for (const [name, value] of labels) {
    if (own.includes(name) || name.startsWith(ANNOTATION_PREFIX))
      refuse(id, `label ${name} is the relay's own`);
    if (!NAME.test(name)) refuse(id, 'a label has a name that Kubernetes does not take');
    if (!isLabelValue(value)) refuse(id, `label ${name} has a value that Kubernetes does not take`);
  }
  for (const name of annotations.keys()) {
    if (name.startsWith(ANNOTATION_PREFIX)) refuse(id, `annotation ${name} is the relay's own`);
    if (!NAME.test(name)) refuse(id, 'an annotation has a name that Kubernetes does not take');
  }
}

function refuse(id: string, what: string): never {
  throw new RelayError('METADATA_INVALID', `${id}: ${what}; change target.template`);
}
