import { PatchStrategy } from '@kubernetes/client-node/dist/patch.js';
import { FIELD_MANAGER } from '../contract.ts';
import { objectId } from '../model/declared-object.ts';
import type { DeclaredKind, ObjectRef, ObjectStatus } from '../model/declared-object.ts';
import type { StatusTarget } from '../model/ports.ts';
import type { Asked } from './kube-errors.ts';
import type { KubeRequest } from './session.ts';

const API_VERSION = 'external-secrets.io/v1';

const PLURAL: Readonly<Record<DeclaredKind, string>> = {
  ExternalSecret: 'externalsecrets',
  ClusterExternalSecret: 'clusterexternalsecrets',
  SecretStore: 'secretstores',
  ClusterSecretStore: 'clustersecretstores',
};

/** The kind as the API's paths and refusals call it. */
export function resourceOf({ kind }: Pick<ObjectRef, 'kind'>): string {
  return PLURAL[kind];
}

/** Reads one object whole, the most recent state. */
export function readObjectRequest(ref: ObjectRef): KubeRequest {
  return { asked: asking(ref, 'get'), method: 'GET', path: pathOf(ref), headers: {} };
}

/**
 * Server-side apply of the whole status, forced, under what was observed (docs/decisions/0005-status.md): the conditions are an atomic list in ESO's
 * CRDs, so that no manner of writing merges them, and the `resourceVersion` is what keeps one writer from undoing another.
 */
export function statusRequest(
  { ref, uid, resourceVersion }: StatusTarget,
  status: ObjectStatus,
): KubeRequest {
  const { kind, namespace, name } = ref;
  const place = namespace === '' ? { name } : { name, namespace };
  const body = {
    apiVersion: API_VERSION,
    kind,
    metadata: { ...place, uid, resourceVersion },
    status,
  };
  return {
    asked: asking(ref, 'patch', '/status'),
    method: 'PATCH',
    path: `${pathOf(ref)}/status?fieldManager=${FIELD_MANAGER}&force=true`,
    headers: { 'Content-Type': PatchStrategy.ServerSideApply },
    body: JSON.stringify(body),
  };
}

function asking(ref: ObjectRef, verb: Asked['verb'], subresource = ''): Asked {
  const resource = `${resourceOf(ref)}${subresource}`;
  return { where: objectId(ref), namespace: ref.namespace, verb, resource };
}

function pathOf({ kind, namespace, name }: ObjectRef): string {
  const inside = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `/apis/${API_VERSION}${inside}/${PLURAL[kind]}/${encodeURIComponent(name)}`;
}
