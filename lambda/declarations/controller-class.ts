import * as z from 'zod/mini';
import { CONTROLLER_CLASS } from '../contract.ts';
import type { ClusterObject } from './cluster-object.ts';

/** Read leniently: whom an object is meant for is asked before whether it is right. */
const Store = z.object({ spec: z.object({ controller: z.string().check(z.minLength(1)) }) });

/**
 * Whether a store is meant for another controller, such as one of several ESOs: `spec.controller` names who serves it, and ESO passes over
 * stores, and ExternalSecrets with stores, that name another class than its own
 * (https://external-secrets.io/latest/guides/controller-class/).
 */
export function isForOther({ document }: ClusterObject): boolean {
  const { success, data } = Store.safeParse(document.value);
  return success && data.spec.controller !== CONTROLLER_CLASS;
}

/** Whether a store is meant for the relay and nobody else. */
export function isForRelay({ document }: ClusterObject): boolean {
  const { success, data } = Store.safeParse(document.value);
  return success && data.spec.controller === CONTROLLER_CLASS;
}

const Ref = z.object({ name: z.string(), kind: z._default(z.string(), 'SecretStore') });
const Item = z.object({
  sourceRef: z.catch(z.optional(z.object({ storeRef: z.optional(Ref) })), undefined),
});
const Items = z.catch(z._default(z.array(z.catch(Item, {})), []), []);
const Spec = z.object({
  spec: z.object({
    secretStoreRef: z.catch(z.optional(Ref), undefined),
    data: Items,
    dataFrom: Items,
  }),
});

/** Whether an ExternalSecret names, anywhere, one of these stores. */
export function namesOneOf(
  { namespace, document }: ClusterObject,
  stores: readonly ClusterObject[],
): boolean {
  const { success, data } = Spec.safeParse(document.value);
  if (!success) return false;
  const { secretStoreRef, data: values, dataFrom } = data.spec;
  const refs = [secretStoreRef, ...[...values, ...dataFrom].map(({ sourceRef }) => sourceRef?.storeRef)];
  return refs.some(
    (ref) =>
      ref !== undefined &&
      stores.some(({ name, origin }) => {
        const { kind, namespace: its } = origin.ref;
        return name === ref.name && kind === ref.kind && (its === '' || its === namespace);
      }),
  );
}
