import type { RegisteredCluster } from './eks.ts';
import { jsonAnswer, jsonError, membersOf } from './exchange.ts';
import type { Answer, Incoming } from './exchange.ts';

/** What EKS's policy for administrators comes to where the API server has no authorizer of EKS's. */
const ADMINISTRATORS = 'system:masters';

/** The calls about access entries, by method and path (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html). */
export function accessAction(method: string, pathname: string): string | undefined {
  if (method === 'POST' && /^\/clusters\/[^/]+\/access-entries$/u.test(pathname)) return 'CreateAccessEntry';
  if (method === 'POST' && /\/access-entries\/[^/]+\/access-policies$/u.test(pathname))
    return 'AssociateAccessPolicy';
  return method === 'DELETE' && /\/access-entries\/[^/]+$/u.test(pathname) ? 'DeleteAccessEntry' : undefined;
}

/** Answers one of them, and changes the entries that the cluster's authenticator goes by; undefined for any other call. */
export function changeAccess(
  action: string,
  { path, body }: Incoming,
  clusters: ReadonlyMap<string, RegisteredCluster>,
): Answer | undefined {
  const [, , name = '', , arn = ''] = new URL(path, 'http://facade').pathname
    .split('/')
    .map(decodeURIComponent);
  const cluster = clusters.get(name);
  if (!['CreateAccessEntry', 'AssociateAccessPolicy', 'DeleteAccessEntry'].includes(action)) return undefined;
  if (cluster?.entries === undefined) return notFound(`No cluster found for name: ${name}.`);
  if (cluster.authenticationMode === 'CONFIG_MAP')
    return jsonError(
      400,
      'InvalidRequestException',
      "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
    );
  switch (action) {
    case 'CreateAccessEntry':
      return create(cluster.entries, body);
    case 'AssociateAccessPolicy':
      return associate(cluster, cluster.entries, arn, body);
    default:
      return cluster.entries.delete(arn) ? jsonAnswer(200, {}) : notFound(`No access entry for ${arn}`);
  }
}

type Entries = NonNullable<RegisteredCluster['entries']>;

function create(entries: Entries, body: string): Answer {
  const { principalArn, kubernetesGroups } = membersOf(body);
  const arn = String(principalArn);
  if (entries.has(arn))
    return jsonError(409, 'ResourceInUseException', 'The specified access entry resource is already in use.');
  entries.set(arn, { groups: Array.isArray(kubernetesGroups) ? kubernetesGroups.map(String) : [] });
  return jsonAnswer(200, { accessEntry: { principalArn: arn } });
}

function associate(cluster: RegisteredCluster, entries: Entries, arn: string, body: string): Answer {
  const entry = entries.get(arn);
  if (entry === undefined) return notFound(`No access entry for ${arn}`);
  const { policyArn } = membersOf(body);
  const admits = String(policyArn).endsWith('/AmazonEKSClusterAdminPolicy');
  const groups = [...new Set([...entry.groups, ...(admits ? [ADMINISTRATORS] : [])])];
  // As on AWS, where an entry takes seconds to have an effect.
  const take = (): void => {
    if (entries.has(arn)) entries.set(arn, { groups });
  };
  if (cluster.entryDelayMs === undefined) take();
  else setTimeout(take, cluster.entryDelayMs).unref();
  return jsonAnswer(200, { principalArn: arn, clusterName: cluster.name });
}

function notFound(message: string): Answer {
  return jsonError(404, 'ResourceNotFoundException', message);
}
