import type { NodeHttpHandlerOptions } from '@smithy/types';
import type { ApiCalls } from '../model/api-calls.ts';
import type { Service } from '../model/config.ts';
import type { SecretSource } from '../model/source.ts';

/** Credentials as the SDK's clients take them: what is undefined is absent. */
export interface AwsIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Where a store is, and as whom it is read. */
export interface Opening {
  /** Options of the SDK's client; without credentials, the function's own. */
  readonly client: {
    readonly region: string;
    readonly maxAttempts: number;
    readonly requestHandler?: NodeHttpHandlerOptions;
    readonly credentials?: () => Promise<AwsIdentity>;
  };
  /** The account of whoever reads. */
  readonly account: string | undefined;
  /** Counts what the client sends. */
  readonly calls: Pick<ApiCalls, 'watch'>;
}

interface StoreModule {
  readonly open: (opening: Opening) => SecretSource;
}

/** Every kind of store: a line here and a file of its own, which is loaded with the first store of its kind. */
const STORES: Readonly<Record<Service, () => Promise<StoreModule>>> = {
  SecretsManager: () => import('./secrets-manager.ts'),
  ParameterStore: () => import('./parameter-store.ts'),
};

/** A store's source. Its code begins to load now, beside whatever else a cold start does, and the first read waits for it. */
export function openSource(service: Service, opening: Opening): SecretSource {
  const loading = STORES[service]().then(({ open }) => open(opening));
  // A failure is the first read's, which awaits it; here it would end the process.
  loading.catch(() => undefined);
  return {
    read: async (refs, signal) => (await loading).read(refs, signal),
    find: async (query, signal) => (await loading).find(query, signal),
    survey: async (request, signal) => (await loading).survey(request, signal),
  };
}
