import { jsonAnswer, jsonError } from './exchange.ts';
import type { Answer, Incoming } from './exchange.ts';

/** A local cluster as EKS would describe it. */
export interface RegisteredCluster {
  readonly name: string;
  /** The facade's own where none is given. */
  readonly region?: string;
  readonly endpoint: string;
  /** Base64 of the CA's PEM. */
  readonly caData: string;
  /** API where none is given. */
  readonly authenticationMode?: 'API' | 'API_AND_CONFIG_MAP' | 'CONFIG_MAP';
  /** Role ARN -> access entry, as the cluster's authenticator has them. */
  readonly entries?: Map<string, { readonly groups: readonly string[] }>;
  /** How long a policy takes to have an effect after it was associated; none where absent. */
  readonly entryDelayMs?: number;
}

/** The answer to eks:DescribeCluster (https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html), which moto has no API server for. */
export function describeCluster(
  { path }: Incoming,
  asked: string,
  clusters: ReadonlyMap<string, RegisteredCluster>,
  scope: { readonly region: string; readonly account: string },
): Answer {
  const name = decodeURIComponent(new URL(path, 'http://facade').pathname.slice('/clusters/'.length));
  const found = clusters.get(name);
  const region = found?.region ?? scope.region;
  if (found === undefined || asked !== region)
    return jsonError(404, 'ResourceNotFoundException', `No cluster found for name: ${name}.`);
  return jsonAnswer(200, {
    cluster: {
      name,
      arn: `arn:aws:eks:${region}:${scope.account}:cluster/${name}`,
      status: 'ACTIVE',
      endpoint: found.endpoint,
      certificateAuthority: { data: found.caData },
      accessConfig: { authenticationMode: found.authenticationMode ?? 'API' },
    },
  });
}
