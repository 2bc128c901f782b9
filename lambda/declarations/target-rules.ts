import { FORBIDDEN_TYPES, LABEL } from '../contract.ts';
import type { ExternalSecret } from './external-secret-schema.ts';
import { isOwnAnnotation } from './own-annotations.ts';
import type { Report } from './own-annotations.ts';

/** The total that Kubernetes allows (https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/), less what the relay adds. */
const MAX_ANNOTATION_CHARACTERS = 131_072;

/** What a target may not ask for, although each of its fields is right by itself. */
export function targetProblems({ spec }: ExternalSecret, report: Report): void {
  const { target } = spec;
  if (target === undefined) return;
  const path = ['spec', 'target'];
  const { creationPolicy, deletionPolicy } = target;
  // What others own is not deleted, and what nobody creates cannot be (https://external-secrets.io/latest/guides/ownership-deletion-policy/).
  if (deletionPolicy === 'Delete' && creationPolicy !== 'Owner' && creationPolicy !== 'Orphan') {
    report(
      [...path, 'deletionPolicy'],
      `Delete with creationPolicy ${creationPolicy}`,
      'creationPolicy Owner with it, or deletionPolicy Retain or Merge',
    );
  }
  if (deletionPolicy === 'Merge' && creationPolicy === 'None') {
    report(
      [...path, 'deletionPolicy'],
      'Merge with creationPolicy None',
      'deletionPolicy Retain, because nothing is written',
    );
  }
  const type = target.template?.type;
  if (type !== undefined && FORBIDDEN_TYPES.includes(type)) {
    report([...path, 'template', 'type'], type, 'a type that is no credential of the cluster itself');
  }
  metadataProblems(target.template?.metadata, report);
}

function metadataProblems(
  metadata: { readonly labels: object; readonly annotations: object } | undefined,
  report: Report,
): void {
  if (metadata === undefined) return;
  const path = ['spec', 'target', 'template', 'metadata'];
  const owned: readonly string[] = Object.values(LABEL);
  for (const name of Object.keys(metadata.labels).filter((label) => owned.includes(label))) {
    report([...path, 'labels', name], 'a label that the relay sets', 'other labels only');
  }
  for (const name of Object.keys(metadata.annotations).filter(isOwnAnnotation)) {
    report([...path, 'annotations', name], 'an annotation that the relay sets', 'other annotations only');
  }
  const size = JSON.stringify(metadata.annotations).length;
  if (size > MAX_ANNOTATION_CHARACTERS) {
    report(
      [...path, 'annotations'],
      `${size} characters of annotations`,
      `at most ${MAX_ANNOTATION_CHARACTERS}`,
    );
  }
}
