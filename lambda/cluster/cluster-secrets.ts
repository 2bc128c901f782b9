import { CoreV1ApiResponseProcessor } from '@kubernetes/client-node/dist/gen/apis/CoreV1Api.js';
import { ResponseContext } from '@kubernetes/client-node/dist/gen/http/http.js';
import type { V1ObjectMeta } from '@kubernetes/client-node/dist/gen/models/V1ObjectMeta.js';
import type { V1Secret } from '@kubernetes/client-node/dist/gen/models/V1Secret.js';
import { FIELD_MANAGER, LABEL, MANAGED_BY } from '../contract.ts';
import { RelayError } from '../errors.ts';
import type { ClusterSecrets, Written } from '../model/ports.ts';
import { targetId } from '../model/target.ts';
import type { DesiredSecret, ListedSecret, Observed, Precondition, Target } from '../model/target.ts';
import type { HttpsResponse } from './https-transport.ts';
import type { Asked } from './kube-errors.ts';
import { keyOwnersOf, writtenAtOf } from './managed-fields.ts';
import type { KubeRequest, Session } from './session.ts';

/** Metadata only, so that no value leaves the cluster (https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches). */
const METADATA = { Accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' };
const METADATA_LIST = { Accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' };
const PAGE = 500;

const processor = new CoreV1ApiResponseProcessor();

/** The Secrets of all clusters, each through its own session. */
export function createClusterSecrets(sessions: (cluster: string) => Session): ClusterSecrets {
  const send = (target: Pick<Target, 'cluster'>, request: KubeRequest, signal: AbortSignal): Promise<HttpsResponse> =>
    sessions(target.cluster).send(request, signal);
  return {
    observe: async (target, signal) => {
      const build: KubeRequest['build'] = (factory) => factory.readNamespacedSecret(target.name, target.namespace);
      const asked = asking(target, 'get');
      const response = await send(target, { asked, headers: METADATA, build, alsoExpects: 404 }, signal);
      return response.status === 404 ? undefined : observedOf(await parseSecret(response), asked);
    },
    listManaged: (cluster, namespace, signal) => listAll(cluster, namespace, (request) => send({ cluster }, request, signal)),
    create: async (desired, signal) => {
      const { target } = desired;
      const body = manifestOf(desired);
      const response = await send(target, { asked: asking(target, 'create'), headers: METADATA, build: (factory) => factory.createNamespacedSecret(target.namespace, body, undefined, undefined, FIELD_MANAGER) }, signal);
      return writtenOf(await parseSecret(response), asking(target, 'create'));
    },
    apply: async (desired, precondition, signal) => {
      const body = { apiVersion: 'v1', kind: 'Secret', ...withPrecondition(manifestOf(desired), precondition) };
      return patch(desired.target, 'application/apply-patch+yaml', body, signal, send);
    },
    prune: (target, keys, precondition, signal) => {
      const body = withPrecondition({ data: Object.fromEntries(keys.map((key) => [key, null])) }, precondition);
      return patch(target, 'application/merge-patch+json', body, signal, send);
    },
    remove: async (target, preconditions, signal) => {
      const build: KubeRequest['build'] = (factory) =>
        factory.deleteNamespacedSecret(target.name, target.namespace, undefined, undefined, undefined, undefined, undefined, undefined, { preconditions: { ...preconditions } });
      await send(target, { asked: asking(target, 'delete'), headers: METADATA, build, alsoExpects: 404 }, signal);
    },
  };
}

type Send = (target: Pick<Target, 'cluster'>, request: KubeRequest, signal: AbortSignal) => Promise<HttpsResponse>;

/**
 * A patch under a precondition. The API server compares uid and resourceVersion for every patch type, apply included: another object, a later one
 * or none gives 409 or 404, never a write (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions).
 */
async function patch(target: Target, contentType: string, body: object, signal: AbortSignal, send: Send): Promise<Written> {
  const force = contentType.startsWith('application/apply') ? true : undefined;
  const build: KubeRequest['build'] = (factory) =>
    factory.patchNamespacedSecret(target.name, target.namespace, body, undefined, undefined, FIELD_MANAGER, undefined, force);
  const request: KubeRequest = { asked: asking(target, 'patch'), headers: { ...METADATA, 'Content-Type': contentType }, build };
  return writtenOf(await parseSecret(await send(target, request, signal)), request.asked);
}

/**
 * All pages, from one state of the cluster: the continue token fixes it. When the API server has forgotten that state (410), the list is begun
 * again, once; two states are never mixed (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks).
 */
async function listAll(cluster: string, namespace: string, send: (request: KubeRequest) => Promise<HttpsResponse>): Promise<readonly ListedSecret[]> {
  const list = (await listPages(cluster, namespace, send)) ?? (await listPages(cluster, namespace, send));
  if (list !== undefined) return list;
  throw new RelayError('CLUSTER_UNAVAILABLE', `${cluster}/${namespace}: the list outlived the API server's memory twice; it is tried again later`);
}

async function listPages(
  cluster: string,
  namespace: string,
  send: (request: KubeRequest) => Promise<HttpsResponse>,
): Promise<readonly ListedSecret[] | undefined> {
  const asked: Asked = { where: `${cluster}/${namespace}`, namespace, verb: 'list' };
  const listed: ListedSecret[] = [];
  let next: string | undefined;
  do {
    const token = next;
    const build: KubeRequest['build'] = (factory) =>
      factory.listNamespacedSecret(namespace, undefined, undefined, token, undefined, `${LABEL.managedBy}=${MANAGED_BY}`, PAGE);
    const response = await send({ asked, headers: METADATA_LIST, build, alsoExpects: 410 });
    if (response.status === 410) return undefined;
    const { data } = await processor.listNamespacedSecretWithHttpInfo(contextOf(response));
    for (const item of data.items) {
      listed.push({ target: { cluster, namespace, name: item.metadata?.name ?? '' }, observed: observedOf(item, asked) });
    }
    next = data.metadata?._continue;
  } while (next !== undefined && next !== '');
  return listed;
}

function asking(target: Target, verb: Asked['verb']): Asked {
  return { where: targetId(target), namespace: target.namespace, verb };
}

async function parseSecret(response: HttpsResponse): Promise<V1Secret> {
  return (await processor.readNamespacedSecretWithHttpInfo(contextOf(response))).data;
}

function contextOf({ status, headers, body }: HttpsResponse): ResponseContext {
  const bytes = Buffer.from(body);
  return new ResponseContext(status, { ...headers, 'content-type': 'application/json' }, { text: () => Promise.resolve(body), binary: () => Promise.resolve(bytes), stream: () => null });
}

/** The one place where values leave the relay: base64 in the request to the cluster. */
function manifestOf({ target, type, labels, annotations, data }: DesiredSecret): V1Secret & { readonly metadata: V1ObjectMeta } {
  return {
    metadata: { name: target.name, namespace: target.namespace, labels: { ...labels }, annotations: { ...annotations } },
    ...(type === undefined ? {} : { type }),
    data: Object.fromEntries([...data].map(([key, value]) => [key, Buffer.from(value.reveal()).toString('base64')])),
  };
}

function withPrecondition<T extends { readonly metadata?: V1ObjectMeta; readonly data?: unknown }>(manifest: T, { uid, resourceVersion }: Precondition): T & { readonly metadata: V1ObjectMeta } {
  return { ...manifest, metadata: { ...manifest.metadata, uid, resourceVersion } };
}

function observedOf({ metadata, data }: V1Secret, { where }: Asked): Observed {
  const { uid, resourceVersion } = identity(metadata, where);
  if (data !== undefined) throw new Error(`defect: ${where} was asked for metadata and answered with data`);
  const entries = metadata?.managedFields ?? [];
  return {
    uid,
    resourceVersion,
    labels: metadata?.labels ?? {},
    annotations: metadata?.annotations ?? {},
    keyOwners: keyOwnersOf(entries),
    writtenAt: writtenAtOf(entries),
    controlled: metadata?.ownerReferences?.some((owner) => owner.controller === true) ?? false,
    terminating: metadata?.deletionTimestamp !== undefined,
  };
}

function writtenOf({ metadata }: V1Secret, { where }: Asked): Written {
  return identity(metadata, where);
}

function identity(metadata: V1ObjectMeta | undefined, where: string): Written {
  const { uid, resourceVersion } = metadata ?? {};
  if (uid === undefined || resourceVersion === undefined) {
    throw new RelayError('CLUSTER_UNAVAILABLE', `${where}: the API server answered without uid or resourceVersion; something stands between that changes answers`);
  }
  return { uid, resourceVersion };
}
