import * as z from 'zod/mini';
import type { ClusterReports } from '../model/ports.ts';
import type { HttpsResponse } from './https-transport.ts';
import { isSuccess, responseError, saysNoSuch } from './kube-errors.ts';
import { countEventRequest, createEventRequest, repeatEventRequest } from './event-requests.ts';
import type { KubeRequest, Session } from './session.ts';
import { readObjectRequest, resourceOf, statusRequest } from './status-requests.ts';

const Counted = z.object({ count: z.number() });

/** Statuses and Events of all clusters, each through its own session. */
export function createClusterReports(sessions: (cluster: string) => Session): ClusterReports {
  return {
    writeStatus: async (target, status, signal) => {
      const request = statusRequest(target, status);
      const response = await sessions(target.ref.cluster).send(request, signal);
      if (saysNoSuch(resourceOf(target.ref), response)) return;
      if (!isSuccess(response)) throw responseError(request.asked, response);
    },
    read: async (ref, signal) => {
      const request = readObjectRequest(ref);
      const response = await sessions(ref.cluster).send(request, signal);
      if (saysNoSuch(resourceOf(ref), response)) return undefined;
      if (!isSuccess(response)) throw responseError(request.asked, response);
      return jsonOf(response.body);
    },
    tell: async (event, now, signal) => {
      const session = sessions(event.cluster);
      const send = async (request: KubeRequest): Promise<HttpsResponse> => {
        const response = await session.send(request, signal);
        if (isSuccess(response)) return response;
        throw responseError(request.asked, response);
      };
      const creation = createEventRequest(event, now);
      const created = await session.send(creation, signal);
      if (isSuccess(created)) return;
      if (created.status !== 409) throw responseError(creation.asked, created);
      // Not read before, because that would take another permission: the answer to the patch tells the count.
      const { success, data } = Counted.safeParse(jsonOf((await send(repeatEventRequest(event, now))).body));
      await send(countEventRequest(event, success ? data.count + 1 : 1));
    },
  };
}

/** The parser's message is dropped: it would quote the answer. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
