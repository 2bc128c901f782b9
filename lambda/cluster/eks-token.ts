import { createHash, createHmac } from 'node:crypto';
import type { Checksum, ChecksumConstructor, SourceData } from '@smithy/types';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { RelayError } from '../errors.ts';
import type { Credentials } from '../model/identity.ts';

/** What a token is made of. */
export interface TokenRequest {
  readonly cluster: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly now: Date;
}

/**
 * A bearer token for the API server: a presigned `sts:GetCallerIdentity` that names the cluster, which the cluster's authenticator sends to STS
 * (https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster). Computed here, without a call.
 * It is valid for 15 minutes from `now`, and whoever has it is the relay: it never goes into a log.
 */
export async function presignToken({ cluster, region, credentials, now }: TokenRequest): Promise<string> {
  const host = `sts.${region}.${dnsSuffixOf(region)}`;
  const signer = new SignatureV4({
    service: 'sts',
    region,
    credentials: identityOf(credentials),
    sha256: Sha256,
    applyChecksum: false,
  });
  const request = new HttpRequest({
    method: 'GET',
    protocol: 'https:',
    hostname: host,
    path: '/',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    headers: { host, 'x-k8s-aws-id': cluster },
  });
  const signed = await signer.presign(request, {
    expiresIn: 60,
    signingDate: now,
    unhoistableHeaders: new Set(['x-k8s-aws-id']),
    signableHeaders: new Set(['host', 'x-k8s-aws-id']),
  });
  const query = Object.entries(signed.query ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  const token = `k8s-aws-v1.${Buffer.from(`https://${host}/?${query.join('&')}`).toString('base64url')}`;
  if (token.length > MAX_TOKEN_LENGTH) throw tooLong(cluster, token.length);
  return token;
}

/** Longer ones are refused (`maxTokenLenBytes` in https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/master/pkg/token/token.go). */
const MAX_TOKEN_LENGTH = 4096;

function tooLong(cluster: string, length: number): RelayError {
  return new RelayError(
    'CLUSTER_UNAUTHENTICATED',
    `${cluster}: the token would have ${length} characters and EKS takes ${MAX_TOKEN_LENGTH}, because the role session’s own token is that long; use fewer session tags and policies`,
  );
}

/** DNS suffixes of the partitions that have their own, by the prefix of their regions, as the AWS SDK knows them. */
const DNS_SUFFIXES = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
] as const;

function dnsSuffixOf(region: string): string {
  return DNS_SUFFIXES.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'amazonaws.com';
}

function identityOf({ accessKeyId, secretAccessKey, sessionToken }: Credentials): {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
} {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/** SHA-256 and its HMAC by Node, in the shape that the signer takes: saves a dependency in the bundle. */
const Sha256: ChecksumConstructor = class implements Checksum {
  readonly #hash;

  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(chunk: Uint8Array | string): void {
    this.#hash.update(chunk);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    throw new Error('defect: the signer makes a new hash for each use');
  }
};

function bytesOf(data: SourceData): string | Uint8Array {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
