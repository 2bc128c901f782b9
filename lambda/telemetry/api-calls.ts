import type { Api, ApiCalls, SdkClient } from '../model/api-calls.ts';

/** What a runtime's clients have sent. */
export interface CountedCalls extends ApiCalls {
  /** The requests since the last time, by API, and forgets them. */
  take(): ReadonlyMap<Api, number>;
}

/** Each runtime has its own, so that runtimes in one process do not count each other's calls. */
export function createApiCalls(): CountedCalls {
  let counts = new Map<Api, number>();
  const count = (api: Api): void => void counts.set(api, (counts.get(api) ?? 0) + 1);
  return {
    count,
    watch: (api, client) => {
      watchHandler(client, () => count(api));
      return client;
    },
    take: () => {
      const taken = counts;
      counts = new Map();
      return taken;
    },
  };
}

/**
 * At the HTTP handler, behind all of the SDK's middleware: there each attempt is a request of its own, and it is seen whether the caller's signal has
 * aborted, in which case the handler sends nothing. A middleware sees no signal, and would count what a deadline kept from being sent.
 */
function watchHandler({ config: { requestHandler } }: SdkClient, sent: () => void): void {
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = (request, options) => {
    if (options?.abortSignal?.aborted !== true) sent();
    return handle(request, options);
  };
}
