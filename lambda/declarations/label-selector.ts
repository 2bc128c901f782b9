import * as z from 'zod/mini';
import type { LabelSelector as Selector } from '../model/declaration.ts';
import { fields, labelKey, labelValue, list } from './formats.ts';

const Requirement = fields({
  key: labelKey,
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
  values: z._default(list(labelValue), []),
}).check(
  z.refine(
    ({ operator, values }) => (operator === 'In' || operator === 'NotIn') === values.length > 0,
    'values with In and NotIn, and none with Exists and DoesNotExist',
  ),
);

/**
 * A label selector as objects spell it; all of it must hold, and an empty one selects everything
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/).
 */
export const LabelSelector = fields({
  matchLabels: z._default(z.record(labelKey, labelValue, 'a mapping'), {}),
  matchExpressions: z._default(list(Requirement), []),
});
type Labels = Readonly<Record<string, string>>;

/** Whether a selector selects what has these labels. As Kubernetes has it, `NotIn` holds for a label that is not there. */
export function selects({ matchLabels, matchExpressions }: Selector, labels: Labels): boolean {
  const has = (key: string, values: readonly string[]): boolean =>
    Object.hasOwn(labels, key) && values.includes(labels[key] ?? '');
  return (
    Object.entries(matchLabels).every(([key, value]) => has(key, [value])) &&
    matchExpressions.every(({ key, operator, values }) => {
      switch (operator) {
        case 'In':
          return has(key, values);
        case 'NotIn':
          return !has(key, values);
        case 'Exists':
          return Object.hasOwn(labels, key);
        case 'DoesNotExist':
          return !Object.hasOwn(labels, key);
      }
    })
  );
}
