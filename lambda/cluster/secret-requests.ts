import { PatchStrategy } from '@kubernetes/client-node/dist/patch.js';
import type { V1DeleteOptions } from '@kubernetes/client-node/dist/gen/models/V1DeleteOptions.js';
import type { V1ObjectMeta } from '@kubernetes/client-node/dist/gen/models/V1ObjectMeta.js';
import type { V1Preconditions } from '@kubernetes/client-node/dist/gen/models/V1Preconditions.js';
import type { V1Secret } from '@kubernetes/client-node/dist/gen/models/V1Secret.js';
import { ANNOTATION, FIELD_MANAGER, LABEL, MANAGED_BY, ROLLOUT_FIELD_MANAGER } from '../contract.ts';
import { targetId } from '../model/target.ts';
import type { DesiredSecret, OwnerReference, Precondition, Removal, Target } from '../model/target.ts';
import type { Asked } from './kube-errors.ts';
import type { KubeRequest } from './session.ts';

/** Metadata only, so that no value leaves the cluster (https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches). */
const METADATA = { Accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' };
const METADATA_LIST = { Accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' };
const JSON_BODY = { 'Content-Type': 'application/json' };
const PAGE_SIZE = 500;

/** The API's own field names: a misspelt one does not compile. */
type Manifest = Pick<V1Secret, 'apiVersion' | 'kind' | 'type' | 'data' | 'immutable'> & {
  readonly metadata: ManifestMetadata;
};
type ManifestMetadata = Pick<
  V1ObjectMeta,
  'name' | 'namespace' | 'labels' | 'annotations' | 'finalizers' | 'uid' | 'resourceVersion'
> & { readonly ownerReferences?: readonly OwnerReference[] };
type DeleteBody = Pick<V1DeleteOptions, 'apiVersion' | 'kind'> & {
  readonly preconditions: Pick<V1Preconditions, 'uid' | 'resourceVersion'>;
};

/** Reads one Secret's metadata. Without a resourceVersion parameter: the most recent state, by quorum. */
export function readRequest(target: Target): KubeRequest {
  return { asked: asking(target, 'get'), method: 'GET', path: pathOf(target), headers: METADATA };
}

/** Reads one Secret with its values, to compare them with what is about to be written. */
export function holdRequest(target: Target): KubeRequest {
  const headers = { Accept: 'application/json' };
  return { asked: asking(target, 'get'), method: 'GET', path: pathOf(target), headers };
}

/** What a list is of: Secrets that are the relay's as a whole, or those of others in which it owns some keys. */
export type Ownership = 'managed' | 'merged';

const SELECTOR = {
  managed: `${LABEL.managedBy}=${MANAGED_BY}`,
  merged: `${LABEL.mergeTarget}=true,${LABEL.managedBy}!=${MANAGED_BY}`,
} as const satisfies Record<Ownership, string>;

/** Reads a page of the namespace's Secrets. */
export function listRequest(
  cluster: string,
  namespace: string,
  next: string | undefined,
  ownership: Ownership = 'managed',
): KubeRequest {
  const query = { labelSelector: SELECTOR[ownership], limit: `${PAGE_SIZE}` };
  const asked: Asked = { where: `${cluster}/${namespace}`, namespace, verb: 'list' };
  const path = withQuery(collectionOf(namespace), next === undefined ? query : { ...query, continue: next });
  return { asked, method: 'GET', path, headers: METADATA_LIST };
}

/** Creates with POST, which never replaces. */
export function createRequest(desired: DesiredSecret): KubeRequest {
  return {
    asked: asking(desired.target, 'create'),
    method: 'POST',
    path: withQuery(collectionOf(desired.target.namespace), { fieldManager: FIELD_MANAGER }),
    headers: { ...METADATA, ...JSON_BODY },
    body: JSON.stringify(ownedManifestOf(desired)),
  };
}

/**
 * Server-side apply under a precondition. The uid is what keeps it from creating: with a resourceVersion alone, kube-apiserver 1.36 creates
 * an object that is gone (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
 */
export function applyRequest(desired: DesiredSecret, { uid, resourceVersion }: Precondition): KubeRequest {
  const manifest = manifestOf(desired);
  const body: Manifest = { ...manifest, metadata: { ...manifest.metadata, uid, resourceVersion } };
  const path = withQuery(pathOf(desired.target), { fieldManager: FIELD_MANAGER, force: 'true' });
  return patchRequest(desired.target, path, PatchStrategy.ServerSideApply, body);
}

/** Sets the annotation that tells how a rollout ended, as a field manager of its own, so that it goes with no apply of the data. */
export function recordRequest(
  target: Target,
  rollout: string,
  { uid, resourceVersion }: Precondition,
): KubeRequest {
  const { namespace, name } = target;
  const annotations = { [ANNOTATION.rollout]: rollout };
  const body: Manifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, uid, resourceVersion, annotations },
  };
  const path = withQuery(pathOf(target), { fieldManager: ROLLOUT_FIELD_MANAGER, force: 'true' });
  return patchRequest(target, path, PatchStrategy.ServerSideApply, body);
}

/** Removes keys and marks, and sets owners, under a precondition; a merge patch takes an absent one for removed (https://www.rfc-editor.org/rfc/rfc7396). */
export function pruneRequest(
  target: Target,
  { keys, marks, ownerReferences }: Removal,
  { uid, resourceVersion }: Precondition,
): KubeRequest {
  const unmarked =
    marks === undefined ? {} : { labels: nulls(marks.labels), annotations: nulls(marks.annotations) };
  const owned = ownerReferences === undefined ? {} : { ownerReferences };
  const body = { metadata: { uid, resourceVersion, ...unmarked, ...owned }, data: nulls(keys) };
  const path = withQuery(pathOf(target), { fieldManager: FIELD_MANAGER });
  return patchRequest(target, path, PatchStrategy.MergePatch, body);
}

function nulls(names: readonly string[]): Readonly<Record<string, null>> {
  return Object.fromEntries(names.map((name) => [name, null]));
}

/** Deletes under a precondition. */
export function removeRequest(target: Target, { uid, resourceVersion }: Precondition): KubeRequest {
  const body: DeleteBody = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid, resourceVersion },
  };
  return {
    asked: asking(target, 'delete'),
    method: 'DELETE',
    path: pathOf(target),
    headers: { ...METADATA, ...JSON_BODY },
    body: JSON.stringify(body),
  };
}

function ownedManifestOf(desired: DesiredSecret): Manifest {
  const manifest = manifestOf(desired);
  const { owner } = desired;
  return owner === undefined
    ? manifest
    : { ...manifest, metadata: { ...manifest.metadata, ownerReferences: [owner] } };
}

/** The one place where values leave the relay: base64 in the request to the cluster. */
function manifestOf(desired: DesiredSecret): Manifest {
  const { target, type, labels, annotations, data, finalizers, immutable } = desired;
  const encoded = [...data].map(
    ([key, value]) => [key, Buffer.from(value.reveal()).toString('base64')] as const,
  );
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: target.name,
      namespace: target.namespace,
      labels: { ...labels },
      annotations: { ...annotations },
      ...(finalizers === undefined ? {} : { finalizers: [...finalizers] }),
    },
    ...(type === undefined ? {} : { type }),
    ...(immutable === undefined ? {} : { immutable }),
    data: Object.fromEntries(encoded),
  };
}

function patchRequest(target: Target, path: string, contentType: string, body: object): KubeRequest {
  const headers = { ...METADATA, 'Content-Type': contentType };
  return { asked: asking(target, 'patch'), method: 'PATCH', path, headers, body: JSON.stringify(body) };
}

function asking(target: Target, verb: Asked['verb']): Asked {
  return { where: targetId(target), namespace: target.namespace, verb };
}

function collectionOf(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
}

function pathOf({ namespace, name }: Target): string {
  return `${collectionOf(namespace)}/${encodeURIComponent(name)}`;
}

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  return `${path}?${new URLSearchParams(query).toString()}`;
}
