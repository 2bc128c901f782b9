import { jsonAnswer, jsonError } from './exchange.ts';
import type { Answer, Incoming } from './exchange.ts';

/** A local cluster as EKS would describe it. */
export interface RegisteredCluster {
  readonly name: string;
  readonly endpoint: string;
  /** Base64 of the CA's PEM. */
  readonly caData: string;
}

/** The answer to eks:DescribeCluster (https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html), which moto has no API server for. */
export function describeCluster({ path }: Incoming, clusters: ReadonlyMap<string, RegisteredCluster>, scope: { readonly region: string; readonly account: string }): Answer {
  const name = decodeURIComponent(new URL(path, 'http://facade').pathname.slice('/clusters/'.length));
  const found = clusters.get(name);
  if (found === undefined) return jsonError(404, 'ResourceNotFoundException', `No cluster found for name: ${name}.`);
  return jsonAnswer(200, {
    cluster: {
      name,
      arn: `arn:aws:eks:${scope.region}:${scope.account}:cluster/${name}`,
      status: 'ACTIVE',
      endpoint: found.endpoint,
      certificateAuthority: { data: found.caData },
      accessConfig: { authenticationMode: 'API' },
    },
  });
}
