import { createServer, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { userOf } from './access-entries.ts';
import type { AccessEntry, KubernetesUser } from './access-entries.ts';
import { parseToken } from './parse-token.ts';
import type { PresignedRequest } from './parse-token.ts';
import { hasValidSignature } from './verify-signature.ts';

export interface AuthenticatorOptions {
  readonly cluster: string;
  /** The emulator. */
  readonly awsEndpoint: string;
  /** The secret of an access key that the emulator gave out; undefined for one that it does not know. */
  readonly secretFor: (accessKeyId: string) => string | undefined;
}

/** The token webhook of one cluster. */
export interface Authenticator {
  readonly url: string;
  /** Role ARN -> entry; a test may change it at any time. */
  readonly entries: Map<string, AccessEntry>;
  /** Who the bearer of a token is in the cluster; undefined for nobody. */
  authenticate(token: string): Promise<KubernetesUser | undefined>;
  close(): Promise<void>;
}

/**
 * What EKS runs beside an API server: answers TokenReviews (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#webhook-token-authentication)
 * by sending the token's presigned request to STS and looking the caller up in the access entries.
 */
export async function startAuthenticator(options: AuthenticatorOptions): Promise<Authenticator> {
  const entries = new Map<string, AccessEntry>();
  const server = createServer((incoming, response) => {
    review(incoming, options, entries).then(
      (body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : 'failed'),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the authenticator has no port');
  return {
    url: `http://127.0.0.1:${address.port}/authenticate`,
    entries,
    authenticate: (token) => authenticate(token, options, entries),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function review(
  incoming: IncomingMessage,
  options: AuthenticatorOptions,
  entries: ReadonlyMap<string, AccessEntry>,
): Promise<object> {
  const body: unknown = JSON.parse(await textOf(incoming));
  const user = await authenticate(tokenOf(body), options, entries);
  const status = user === undefined ? { authenticated: false } : { authenticated: true, user };
  return { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status };
}

async function authenticate(
  token: string,
  { cluster, awsEndpoint, secretFor }: AuthenticatorOptions,
  entries: ReadonlyMap<string, AccessEntry>,
): Promise<KubernetesUser | undefined> {
  const parsed = parseToken(token, new Date());
  if (parsed.kind === 'rejected') return undefined;
  const secret = secretFor(parsed.request.accessKeyId);
  if (secret === undefined || !hasValidSignature(parsed.request, cluster, secret)) return undefined;
  const caller = await callerArn(parsed.request, cluster, awsEndpoint);
  return caller === undefined ? undefined : userOf(caller, entries);
}

/** Sends the presigned request as it is, with the name of this cluster and no other in the signed header. */
async function callerArn(
  { url }: PresignedRequest,
  cluster: string,
  awsEndpoint: string,
): Promise<string | undefined> {
  const headers = { host: url.hostname, 'x-k8s-aws-id': cluster };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${awsEndpoint}/${url.search}`, { headers }, resolve).on('error', reject).end();
  });
  const body = await textOf(response);
  return response.statusCode === 200 ? /<Arn>([^<]+)<\/Arn>/u.exec(body)?.[1] : undefined;
}

function tokenOf(review: unknown): string {
  const spec = typeof review === 'object' && review !== null && 'spec' in review ? review.spec : undefined;
  const token = typeof spec === 'object' && spec !== null && 'token' in spec ? spec.token : undefined;
  return typeof token === 'string' ? token : '';
}

async function textOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
