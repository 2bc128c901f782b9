import { createHash } from 'node:crypto';
import { PatchStrategy } from '@kubernetes/client-node/dist/patch.js';
import type { CoreV1Event } from '@kubernetes/client-node/dist/gen/models/CoreV1Event.js';
import type { V1EventSource } from '@kubernetes/client-node/dist/gen/models/V1EventSource.js';
import type { V1ObjectMeta } from '@kubernetes/client-node/dist/gen/models/V1ObjectMeta.js';
import type { V1ObjectReference } from '@kubernetes/client-node/dist/gen/models/V1ObjectReference.js';
import { FIELD_MANAGER } from '../contract.ts';
import type { ClusterEvent } from '../model/cluster-event.ts';
import type { Asked } from './kube-errors.ts';
import type { KubeRequest } from './session.ts';

/** client-go cuts messages there, and `events.k8s.io/v1` refuses longer ones. */
const MAX_MESSAGE = 1024;
const MAX_NAME = 253;

/** The API's own field names: a misspelt one does not compile. Times are text on the way. */
type Manifest = Pick<CoreV1Event, 'apiVersion' | 'kind' | 'type' | 'reason' | 'message' | 'count'> &
  Pick<CoreV1Event, 'reportingComponent' | 'reportingInstance'> & {
    readonly metadata: Pick<V1ObjectMeta, 'name' | 'namespace'>;
    readonly involvedObject: Pick<V1ObjectReference, 'apiVersion' | 'kind' | 'namespace' | 'name' | 'uid'>;
    readonly source: Pick<V1EventSource, 'component'>;
  } & Readonly<Record<keyof Pick<CoreV1Event, 'firstTimestamp' | 'lastTimestamp'>, string>>;

/**
 * Makes the Event, of the core API as ESO makes its own: `kubectl describe` lists these, and both APIs show the same objects. Its name follows from what it is
 * about, so that what happens every hour is one Event with a count, whichever Lambda sees it.
 */
export function createEventRequest(event: ClusterEvent, now: Date): KubeRequest {
  const { regarding, type, reason, message } = event;
  const { apiVersion, kind, namespace, name, uid } = regarding;
  const at = now.toISOString();
  const manifest: Manifest = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: eventName(event), namespace },
    involvedObject: { apiVersion, kind, namespace, name, ...(uid === undefined ? {} : { uid }) },
    ...{ type, reason, message: cut(message), count: 1, firstTimestamp: at, lastTimestamp: at },
    source: { component: FIELD_MANAGER },
    reportingComponent: FIELD_MANAGER,
    reportingInstance: FIELD_MANAGER,
  };
  return {
    asked: asking(event, 'create'),
    method: 'POST',
    path: `${collectionOf(event)}?fieldManager=${FIELD_MANAGER}`,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(manifest),
  };
}

/** Renews an Event that is there: it happened again. */
export function repeatEventRequest(event: ClusterEvent, now: Date): KubeRequest {
  return patchRequest(event, { lastTimestamp: now.toISOString(), message: cut(event.message) });
}

/** Says how often it happened. */
export function countEventRequest(event: ClusterEvent, count: number): KubeRequest {
  return patchRequest(event, { count });
}

function patchRequest(event: ClusterEvent, change: object): KubeRequest {
  return {
    asked: asking(event, 'patch'),
    method: 'PATCH',
    path: `${collectionOf(event)}/${eventName(event)}?fieldManager=${FIELD_MANAGER}`,
    headers: { 'Content-Type': PatchStrategy.MergePatch },
    body: JSON.stringify(change),
  };
}

function eventName({ regarding: { kind, name, uid = '' }, reason, topic }: ClusterEvent): string {
  const identity = JSON.stringify([kind, name, uid, reason, topic]);
  const digest = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  return `${name.slice(0, MAX_NAME - digest.length - 1).replace(/[^a-z0-9]+$/u, '')}.${digest}`;
}

function collectionOf({ regarding: { namespace } }: ClusterEvent): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
}

function asking(event: ClusterEvent, verb: Asked['verb']): Asked {
  const { cluster, regarding } = event;
  const { namespace, name } = regarding;
  return { where: `${cluster}/${namespace}/${name}`, namespace, verb, resource: 'events' };
}

function cut(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE - 1)}…`;
}
