import * as z from 'zod/mini';
import { RelayError } from '../errors.ts';
import type { WebIdentity } from '../identity/store-credentials.ts';
import { AWS_AUDIENCE, ROLE_ARN } from '../model/identity.ts';
import type { ServiceAccountOrigin } from '../model/identity.ts';
import { Sensitive } from '../sensitive.ts';
import type { HttpsResponse } from './https-transport.ts';
import { responseError } from './kube-errors.ts';
import type { Asked } from './kube-errors.ts';
import type { Session } from './session.ts';

/** https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html */
const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';
const AUDIENCE_ANNOTATION = 'eks.amazonaws.com/audience';
/** The shortest that the API server gives (https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/). */
const TOKEN_SECONDS = 600;

const ServiceAccount = z.object({
  metadata: z.object({ annotations: z._default(z.record(z.string(), z.string()), {}) }),
});
const TokenRequest = z.object({ status: z.object({ token: z.string().check(z.minLength(1)) }) });

/**
 * The role of a service account and a token that proves to be it, asked afresh each time. The token is good for AWS and not for the API server:
 * its audiences are those that keyrelay.yaml knows, which the admission policy of the cluster holds the relay to as well.
 */
export function createServiceAccountTokens(
  sessions: (cluster: string) => Session,
): (origin: ServiceAccountOrigin, signal: AbortSignal) => Promise<WebIdentity> {
  return async (origin, signal) => {
    const session = sessions(origin.cluster);
    const annotations = await readAnnotations(origin, session, signal);
    const roleArn = annotations[ROLE_ANNOTATION] ?? '';
    if (!ROLE_ARN.test(roleArn))
      throw unfit(origin, `has no role: set its annotation ${ROLE_ANNOTATION} to the ARN of an IAM role`);
    const audiences = audiencesOf(origin, annotations);
    return { roleArn, token: await requestToken(origin, audiences, session, signal) };
  };
}

function audiencesOf(
  origin: ServiceAccountOrigin,
  annotations: Readonly<Record<string, string>>,
): readonly string[] {
  const own = annotations[AUDIENCE_ANNOTATION] ?? '';
  const audiences = [...new Set([own === '' ? AWS_AUDIENCE : own, ...origin.audiences])];
  const stranger = audiences.find((audience) => !origin.trusted.includes(audience));
  if (stranger === undefined) return audiences;
  throw unfit(
    origin,
    `would have a token for ${JSON.stringify(stranger)}, which is not among the audiences that keyrelay.yaml allows (${origin.trusted.join(', ')}); correct its annotation ${AUDIENCE_ANNOTATION}, or allow it`,
  );
}

async function readAnnotations(
  origin: ServiceAccountOrigin,
  session: Session,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const asked = askedOf(origin);
  const response = await session.send(
    { asked, method: 'GET', path: pathOf(origin), headers: { Accept: 'application/json' } },
    signal,
  );
  if (response.status === 404) throw unfit(origin, 'does not exist; create it, or correct the store');
  if (response.status !== 200) throw refusedError(origin, response);
  const parsed = ServiceAccount.safeParse(parse(response.body));
  if (!parsed.success) throw noAnswer(origin);
  return parsed.data.metadata.annotations;
}

async function requestToken(
  origin: ServiceAccountOrigin,
  audiences: readonly string[],
  session: Session,
  signal: AbortSignal,
): Promise<Sensitive<string>> {
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences, expirationSeconds: TOKEN_SECONDS },
  };
  const response = await session.send(
    {
      asked: askedOf(origin),
      method: 'POST',
      path: `${pathOf(origin)}/token`,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(request),
    },
    signal,
  );
  if (response.status !== 201) throw refusedError(origin, response);
  const parsed = TokenRequest.safeParse(parse(response.body));
  if (!parsed.success) throw noAnswer(origin);
  return new Sensitive(parsed.data.status.token);
}

/** A read for both requests: asking for a token changes nothing, so that it may be asked for again. */
function askedOf(origin: ServiceAccountOrigin): Asked {
  return { where: nameOf(origin), namespace: origin.namespace, verb: 'get' };
}

function pathOf({ namespace, name }: ServiceAccountOrigin): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(name)}`;
}

/** 403 is RBAC, 422 the admission policy: both go by what keyrelay.yaml names. */
function refusedError(origin: ServiceAccountOrigin, response: HttpsResponse): RelayError {
  if (response.status !== 403 && response.status !== 422) return responseError(askedOf(origin), response);
  return new RelayError(
    'CLUSTER_FORBIDDEN',
    `${nameOf(origin)}: the relay may not ask for a token of it; see that its name and audiences are in clusters[].allow or in the store, and that the manifests that were rendered since are applied`,
  );
}

function unfit(origin: ServiceAccountOrigin, what: string): RelayError {
  return new RelayError('SOURCE_CREDENTIALS', `${nameOf(origin)} ${what}`);
}

function noAnswer(origin: ServiceAccountOrigin): RelayError {
  return new RelayError(
    'CLUSTER_UNAVAILABLE',
    `${nameOf(origin)}: that is no answer of an API server; see what stands between`,
  );
}

function nameOf({ cluster, namespace, name }: ServiceAccountOrigin): string {
  return `service account ${cluster}/${namespace}/${name}`;
}

/** The parser's message is dropped: it would quote the answer. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
