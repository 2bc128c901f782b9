import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { parameter } from './parse-token.ts';
import type { PresignedRequest } from './parse-token.ts';

/**
 * Whether the request was signed with this secret for this cluster: what STS checks and the emulator does not. The steps are those of Signature
 * Version 4 with query parameters (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 */
export function hasValidSignature(
  { url, signedHeaders }: PresignedRequest,
  cluster: string,
  secretAccessKey: string,
): boolean {
  const headers = new Map([
    ['host', url.hostname],
    ['x-k8s-aws-id', cluster],
  ]);
  const canonicalHeaders = signedHeaders.map((name) => `${name}:${headers.get(name) ?? ''}\n`).join('');
  const canonical = [
    'GET',
    '/',
    canonicalQuery(url),
    canonicalHeaders,
    signedHeaders.join(';'),
    sha256(''),
  ].join('\n');
  const date = parameter(url, 'x-amz-date');
  const [, day = '', region = '', service = '', terminator = ''] = parameter(url, 'x-amz-credential').split(
    '/',
  );
  const toSign = [
    'AWS4-HMAC-SHA256',
    date,
    [day, region, service, terminator].join('/'),
    sha256(canonical),
  ].join('\n');
  const key = [day, region, service, terminator].reduce<Buffer | string>(
    (secret, part) => hmac(secret, part),
    `AWS4${secretAccessKey}`,
  );
  const expected = hmac(key, toSign);
  const given = Buffer.from(parameter(url, 'x-amz-signature'), 'hex');
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
}

function canonicalQuery(url: URL): string {
  return [...url.searchParams]
    .filter(([name]) => name.toLowerCase() !== 'x-amz-signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&');
}

/** RFC 3986: encodeURIComponent leaves five characters that SigV4 encodes. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/gu,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
