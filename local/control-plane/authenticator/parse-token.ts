/** What a token asks of STS: the presigned request, taken apart. */
export interface PresignedRequest {
  readonly url: URL;
  /** Of the signing scope and the host. */
  readonly region: string;
  readonly accessKeyId: string;
  readonly signedHeaders: readonly string[];
}

export type ParsedToken =
  | { readonly kind: 'request'; readonly request: PresignedRequest }
  | { readonly kind: 'rejected'; readonly reason: string };

const PREFIX = 'k8s-aws-v1.';
const MAX_BYTES = 4096;
const MAX_EXPIRES_S = 900;
const LIFE_MS = 15 * 60_000;
/** How far a clock may run ahead. */
const SKEW_MS = 5 * 60_000;
const PARAMETERS = new Set([
  'action',
  'version',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
]);
const HOST = /^sts(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?$/u;

/**
 * Takes a bearer token apart under the rules of aws-iam-authenticator
 * (https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/master/pkg/token/token.go). Pure. Whether the signature is right is STS's to say.
 */
export function parseToken(token: string, now: Date): ParsedToken {
  if (Buffer.byteLength(token) > MAX_BYTES) return rejected('token is too large');
  if (!token.startsWith(PREFIX)) return rejected(`token does not begin with ${PREFIX}`);
  const url = parseUrl(Buffer.from(token.slice(PREFIX.length), 'base64url').toString('utf8'));
  if (url === undefined) return rejected('token is not an encoded URL');
  const problem = addressProblem(url) ?? queryProblem(url) ?? timeProblem(url, now);
  if (problem !== undefined) return rejected(problem);
  const [, region = 'us-east-1'] = HOST.exec(url.hostname) ?? [];
  const [accessKeyId = ''] = parameter(url, 'x-amz-credential').split('/');
  return {
    kind: 'request',
    request: { url, region, accessKeyId, signedHeaders: parameter(url, 'x-amz-signedheaders').split(';') },
  };
}

/** A query parameter by its name in lower case, or the empty string. */
export function parameter(url: URL, name: string): string {
  return [...url.searchParams].find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}

function addressProblem(url: URL): string | undefined {
  if (url.protocol !== 'https:') return 'scheme is not https';
  if (url.port !== '' || url.username !== '') return 'host is not an STS host';
  if (!HOST.test(url.hostname) && url.hostname !== 'sts.amazonaws.com') return 'host is not an STS host';
  return url.pathname === '/' ? undefined : 'path is not /';
}

function queryProblem(url: URL): string | undefined {
  const names = [...url.searchParams.keys()].map((name) => name.toLowerCase());
  const unknown = names.find((name) => !PARAMETERS.has(name));
  if (unknown !== undefined) return `query parameter ${unknown} is not allowed`;
  if (new Set(names).size !== names.length) return 'a query parameter stands twice';
  if (parameter(url, 'action') !== 'GetCallerIdentity') return 'action is not GetCallerIdentity';
  if (!parameter(url, 'x-amz-signedheaders').split(';').includes('x-k8s-aws-id'))
    return 'header x-k8s-aws-id is not signed';
  const expires = parameter(url, 'x-amz-expires');
  return /^\d+$/u.test(expires) && Number(expires) <= MAX_EXPIRES_S
    ? undefined
    : 'X-Amz-Expires is not from 0 to 900';
}

function timeProblem(url: URL, now: Date): string | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u.exec(parameter(url, 'x-amz-date')) ?? [];
  if (second === undefined) return 'X-Amz-Date is no date';
  const signed = Date.parse(
    `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second}Z`,
  );
  if (signed + LIFE_MS < now.getTime()) return 'token has expired';
  return signed - SKEW_MS > now.getTime() ? 'token is from the future' : undefined;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function rejected(reason: string): ParsedToken {
  return { kind: 'rejected', reason };
}
