import type { Clock } from '../model/ports.ts';
import type { Cluster } from '../model/config.ts';
import type { CredentialsFor } from './credentials.ts';
import { presignToken } from './eks-token.ts';

/** The bearer tokens of one cluster. */
export interface Tokens {
  current(): Promise<string>;
  /** Says that the API server did not accept a token: the next one is made anew. */
  refused(token: string): void;
}

/** A token is valid for 15 minutes; this leaves it time to arrive and clocks room to differ. */
const LIFE_MS = 10 * 60_000;
/** A token ends this long before the credentials that it was signed with. */
const CREDENTIALS_MARGIN_MS = 60_000;

interface Token {
  readonly value: string;
  readonly until: number;
}

/** Keeps a cluster's token while it is good; requests that run at once share one. */
export function createTokens(cluster: Cluster, credentials: CredentialsFor, clock: Clock): Tokens {
  let held: Token | undefined;
  let making: Promise<Token> | undefined;
  const make = async (): Promise<Token> => {
    const identity = await credentials(cluster);
    const now = clock.now();
    const value = await presignToken({
      cluster: cluster.name,
      region: cluster.region,
      credentials: identity,
      now,
    });
    const end = (identity.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - CREDENTIALS_MARGIN_MS;
    held = { value, until: Math.min(now.getTime() + LIFE_MS, end) };
    return held;
  };
  return {
    current: async () => {
      if (held !== undefined && held.until > clock.now().getTime()) return held.value;
      making ??= make().finally(() => (making = undefined));
      return (await making).value;
    },
    refused: (token) => {
      if (held?.value === token) held = undefined;
    },
  };
}
