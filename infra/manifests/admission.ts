import { ANNOTATION, FORBIDDEN_TYPES, LABEL, MANAGED_BY } from '../../lambda/contract.ts';
import type { Manifest } from '../../lambda/model/manifest.ts';
import { validatingPolicy } from './validating-policy.ts';

export interface AdmissionOptions {
  /** The relay's Kubernetes group, by which its requests are known. */
  readonly group: string;
  readonly namespaces: readonly string[];
  /** `namespace/name` of Secrets of others that a declaration merges into or takes over. */
  readonly shared: readonly string[];
  /**
   * Namespaces whose own objects declare. Who writes an ExternalSecret there may write its Secrets too, so that what it merges into or takes
   * over is theirs to say; it is not known when the policy is applied.
   */
  readonly declaring: readonly string[];
}

/**
 * The fence that RBAC cannot be (guarantee 4): RBAC tells who may write Secrets in a namespace, this tells which. A request of the relay is
 * denied where it concerns
 *
 * - a namespace that is not the relay's,
 * - an existing Secret that it does not manage, unless a declaration says that it may be merged into or taken over,
 * - a Secret that would not be marked as the relay's afterwards,
 * - a type that is a credential of the cluster,
 * - an owner that it had not before and that declares nothing,
 * - or, when deleting, anything that it does not manage as a whole.
 */
export function admissionPolicy({
  group,
  namespaces,
  shared,
  declaring,
}: AdmissionOptions): readonly Manifest[] {
  return validatingPolicy({
    group,
    about: 'secrets',
    rule: {
      apiGroups: [''],
      apiVersions: ['v1'],
      operations: ['CREATE', 'UPDATE', 'DELETE'],
      resources: ['secrets', 'secrets/*'],
    },
    variables: [
      { name: 'namespaces', expression: listOf(namespaces) },
      { name: 'shared', expression: listOf(shared) },
      { name: 'declaring', expression: listOf(declaring) },
      {
        name: 'managedBefore',
        expression: `oldObject != null && (${marked('oldObject')} || ${unlabelled('oldObject')})`,
      },
      { name: 'managedAfter', expression: `object != null && (${marked('object')})` },
    ],
    validations: [
      {
        expression: 'request.namespace in variables.namespaces',
        message: 'this namespace is not among those of the relay (clusters[].namespaces)',
      },
      {
        expression:
          "request.operation != 'UPDATE' || variables.managedBefore || request.namespace in variables.declaring || (request.namespace + '/' + request.name) in variables.shared",
        message: 'the relay does not manage this Secret, and no declaration merges into it or takes it over',
      },
      {
        expression: "request.operation == 'DELETE' || variables.managedAfter",
        message: `what the relay writes must carry the label ${LABEL.managedBy} or ${LABEL.mergeTarget}`,
      },
      {
        expression: `request.operation == 'DELETE' || !has(object.type) || !(object.type in ${listOf(FORBIDDEN_TYPES)})`,
        message: 'the relay writes no credentials of the cluster itself',
      },
      {
        expression:
          "request.operation == 'DELETE' || !has(object.metadata.ownerReferences) || object.metadata.ownerReferences.all(owner, owner.apiVersion.startsWith('external-secrets.io/') || (oldObject != null && has(oldObject.metadata.ownerReferences) && oldObject.metadata.ownerReferences.exists(old, old.uid == owner.uid)))",
        message: 'the relay lets a Secret go with the object that declares it, and with nothing else',
      },
      {
        expression: `request.operation != 'DELETE' || (${managed('oldObject')})`,
        message: 'the relay deletes only Secrets that it manages as a whole',
      },
    ],
  });
}

function marked(object: string): string {
  return `${managed(object)} || ${labelled(object, LABEL.mergeTarget, 'true')}`;
}

function managed(object: string): string {
  return labelled(object, LABEL.managedBy, MANAGED_BY);
}

/** One of the relay's whose label somebody took away: it may put that back. */
function unlabelled(object: string): string {
  const metadata = `${object}.metadata`;
  return `has(${metadata}.annotations) && ${quote(ANNOTATION.declaration)} in ${metadata}.annotations && !(has(${metadata}.labels) && ${quote(LABEL.managedBy)} in ${metadata}.labels)`;
}

function labelled(object: string, label: string, value: string): string {
  return `has(${object}.metadata.labels) && ${quote(label)} in ${object}.metadata.labels && ${object}.metadata.labels[${quote(label)}] == ${quote(value)}`;
}

function listOf(values: readonly string[]): string {
  return `[${values.map(quote).join(', ')}]`;
}

/** A CEL string: names of namespaces, objects and labels hold no quotes and no backslashes. */
function quote(value: string): string {
  return `'${value}'`;
}
