/** Whose APIs the relay calls: services of AWS, by the names that their requests are signed with, and the API servers of the clusters. */
export const APIS = ['secretsmanager', 'ssm', 'sts', 'eks', 'sqs', 'events', 'kubernetes'] as const;
export type Api = (typeof APIS)[number];

/** The part of a client of the AWS SDK that each of its HTTP requests goes through. */
export interface SdkClient {
  readonly config: {
    readonly requestHandler: {
      handle(
        request: unknown,
        options?: { readonly abortSignal?: { readonly aborted: boolean } },
      ): Promise<unknown>;
    };
  };
}

/** Counts requests, repeats included. */
export interface ApiCalls {
  /** One request has been sent. */
  count(api: Api): void;
  /** The same client, each request of which counts from now on. */
  watch<C extends SdkClient>(api: Api, client: C): C;
}
