import { TEMPLATE_ANNOTATION_PREFIX } from '../../lambda/contract.ts';
import type { Manifest } from '../../lambda/model/manifest.ts';
import { validatingPolicy } from './validating-policy.ts';

/** The API server counts the templates of a DaemonSet there, and takes nobody else's count (https://kubernetes.io/docs/reference/labels-annotations-taints/). */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/**
 * The fence around restarts (guarantee 4). RBAC lets the relay patch workloads; this lets it annotate their pod templates under its own prefix, in its
 * own namespaces, and change nothing else about them: no image, no replicas, no label, no other annotation. Whatever it may be permitted besides, it
 * creates and deletes none, and has no way through a subresource.
 */
export function workloadPolicy(group: string, namespaces: readonly string[]): readonly Manifest[] {
  return validatingPolicy({
    group,
    about: 'workloads',
    rule: {
      apiGroups: ['apps', 'argoproj.io'],
      apiVersions: ['*'],
      operations: ['CREATE', 'UPDATE', 'DELETE'],
      resources: ['*/*'],
    },
    variables: [
      { name: 'newOwn', expression: orEmpty('object.metadata', 'annotations') },
      { name: 'oldOwn', expression: orEmpty('oldObject.metadata', 'annotations') },
      { name: 'newMeta', expression: orEmpty('object.spec.template', 'metadata') },
      { name: 'oldMeta', expression: orEmpty('oldObject.spec.template', 'metadata') },
      { name: 'newNotes', expression: orEmpty('variables.newMeta', 'annotations') },
      { name: 'oldNotes', expression: orEmpty('variables.oldMeta', 'annotations') },
    ],
    validations: [
      {
        expression: `request.namespace in [${namespaces.map((item) => `'${item}'`).join(', ')}]`,
        message: 'this namespace is not among those of the relay (clusters[].namespaces)',
      },
      {
        expression: `request.operation == 'UPDATE' && (!has(request.subResource) || request.subResource == '') && request.resource.resource in ['deployments', 'statefulsets', 'daemonsets', 'rollouts']`,
        message:
          'the relay annotates workloads; it makes and removes none, and changes no part of one on its own',
      },
      {
        expression: `request.operation != 'UPDATE' || (${[
          sameBut('object', 'oldObject', ['metadata', 'spec']),
          sameBut('object.metadata', 'oldObject.metadata', [
            'annotations',
            'managedFields',
            'resourceVersion',
            'generation',
          ]),
          sameBut('variables.newOwn', 'variables.oldOwn', [TEMPLATE_GENERATION]),
        ].join(' && ')})`,
        message: 'the relay changes no label, annotation, owner or finalizer of a workload',
      },
      {
        expression: `request.operation != 'UPDATE' || (has(object.spec.template) && has(oldObject.spec.template) && ${[
          sameBut('object.spec', 'oldObject.spec', ['template']),
          sameBut('object.spec.template', 'oldObject.spec.template', ['metadata']),
          sameBut('variables.newMeta', 'variables.oldMeta', ['annotations']),
        ].join(' && ')})`,
        message: 'the relay changes nothing of a workload but annotations of its pod template',
      },
      {
        expression: `request.operation != 'UPDATE' || (variables.newNotes.all(k, k.startsWith('${TEMPLATE_ANNOTATION_PREFIX}') || (k in variables.oldNotes && variables.newNotes[k] == variables.oldNotes[k])) && variables.oldNotes.all(k, k in variables.newNotes))`,
        message: `the relay sets annotations of pod templates under ${TEMPLATE_ANNOTATION_PREFIX} only`,
      },
    ],
  });
}

/** CEL: a member that is a mapping, or an empty one; also where there is no object at all, as in a creation or deletion. */
function orEmpty(object: string, member: string): string {
  const [root, ...path] = [...object.split('.'), member];
  const steps = path.map((_, index) => [root, ...path.slice(0, index + 1)].join('.'));
  // What variables hold is a mapping; a root of its own is an object, or null.
  const there = root === 'variables' ? steps.slice(1) : steps;
  const exists = there.map((step) => `has(${step})`);
  const conditions = root === 'variables' ? exists : [`${root} != null`, ...exists];
  return `${conditions.join(' && ')} ? ${object}.${member} : {}`;
}

/** CEL: two mappings have the same members, apart from some. */
function sameBut(one: string, other: string, apart: readonly string[]): string {
  const free = `k in [${apart.map((name) => `'${name}'`).join(', ')}]`;
  return `${one}.all(k, ${free} || (k in ${other} && ${one}[k] == ${other}[k])) && ${other}.all(k, ${free} || k in ${one})`;
}
