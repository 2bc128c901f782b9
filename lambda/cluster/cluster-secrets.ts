import type { ClusterSecrets, Written } from '../model/ports.ts';
import { parseHeld } from './held-secret.ts';
import { isSuccess, responseError, saysNoSuch } from './kube-errors.ts';
import { listSecrets } from './list-secrets.ts';
import { parseObserved, parseWritten } from './secret-metadata.ts';
import {
  applyRequest,
  createRequest,
  holdRequest,
  pruneRequest,
  readRequest,
  recordRequest,
  removeRequest,
} from './secret-requests.ts';
import type { KubeRequest, Session } from './session.ts';

/** The Secrets of all clusters, each through its own session. */
export function createClusterSecrets(sessions: (cluster: string) => Session): ClusterSecrets {
  const write = async (cluster: string, request: KubeRequest, signal: AbortSignal): Promise<Written> => {
    const response = await sessions(cluster).send(request, signal);
    if (!isSuccess(response)) throw responseError(request.asked, response);
    return parseWritten(response.body, request.asked);
  };
  return {
    observe: async (target, signal) => {
      const request = readRequest(target);
      const response = await sessions(target.cluster).send(request, signal);
      if (saysNoSuch('secrets', response)) return undefined;
      if (!isSuccess(response)) throw responseError(request.asked, response);
      return parseObserved(response.body, request.asked);
    },
    listManaged: async (cluster, namespace, signal) =>
      listSecrets({ cluster, namespace }, sessions(cluster), signal),
    listWritten: async (cluster, namespace, signal) => {
      const lists = (['managed', 'merged'] as const).map((ownership) =>
        listSecrets({ cluster, namespace, ownership }, sessions(cluster), signal),
      );
      return (await Promise.all(lists)).flat();
    },
    record: async (target, rollout, precondition, signal) =>
      write(target.cluster, recordRequest(target, rollout, precondition), signal),
    hold: async (target, precondition, signal) => {
      const request = holdRequest(target);
      const response = await sessions(target.cluster).send(request, signal);
      if (!isSuccess(response)) throw responseError(request.asked, response);
      return parseHeld(response.body, precondition, request.asked);
    },
    create: async (desired, signal) => write(desired.target.cluster, createRequest(desired), signal),
    apply: async (desired, precondition, signal) =>
      write(desired.target.cluster, applyRequest(desired, precondition), signal),
    prune: async (target, removal, precondition, signal) =>
      write(target.cluster, pruneRequest(target, removal, precondition), signal),
    remove: async (target, precondition, signal) => {
      const request = removeRequest(target, precondition);
      const response = await sessions(target.cluster).send(request, signal);
      if (!isSuccess(response) && !saysNoSuch('secrets', response))
        throw responseError(request.asked, response);
    },
  };
}
