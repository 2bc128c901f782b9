import { expect, test } from '@jest/globals';
import { describeEndpoint } from '../../../lambda/cluster/eks-endpoint.ts';
import type { ClusterDescription, EksCalls } from '../../../lambda/cluster/eks-endpoint.ts';
import { aCluster } from '../../support/builders.ts';

const signal = new AbortController().signal;
const pem = '-----BEGIN CERTIFICATE-----\nfake\n-----END CERTIFICATE-----\n';

function eksWith(changes: ClusterDescription = {}): EksCalls {
  const certificateAuthority = { data: Buffer.from(pem).toString('base64') };
  const cluster = {
    endpoint: 'https://abc.eks.amazonaws.com',
    status: 'ACTIVE',
    certificateAuthority,
    ...changes,
  };
  return { describeCluster: () => Promise.resolve({ cluster }) };
}

test('the endpoint and the authority come from EKS', async () => {
  const endpoint = await describeEndpoint(aCluster(), eksWith(), signal);

  expect(endpoint).toEqual({ url: 'https://abc.eks.amazonaws.com', ca: pem });
});

test('a cluster that is being updated serves', async () => {
  await expect(describeEndpoint(aCluster(), eksWith({ status: 'UPDATING' }), signal)).resolves.toBeDefined();
});

test.each<{ what: string; changes: ClusterDescription }>([
  { what: 'that is being created', changes: { status: 'CREATING', endpoint: undefined } },
  { what: 'that is being deleted', changes: { status: 'DELETING' } },
  { what: 'that failed', changes: { status: 'FAILED' } },
  { what: 'that waits', changes: { status: 'PENDING' } },
  { what: 'without a status', changes: { status: undefined } },
  { what: 'without an authority', changes: { certificateAuthority: undefined } },
])('a cluster $what is not ready, and that passes', async ({ changes }) => {
  const describing = describeEndpoint(aCluster(), eksWith(changes), signal);

  await expect(describing).rejects.toMatchObject({ code: 'CLUSTER_NOT_READY', retryable: true });
  await expect(describing).rejects.toThrow('dev (111122223333, eu-west-1)');
});

test.each([
  { name: 'ResourceNotFoundException', code: 'CLUSTER_NOT_FOUND', retryable: false },
  { name: 'AccessDeniedException', code: 'CLUSTER_DESCRIBE_DENIED', retryable: false },
  { name: 'UnrecognizedClientException', code: 'CLUSTER_UNREACHABLE', retryable: true },
  { name: 'ExpiredTokenException', code: 'CLUSTER_UNREACHABLE', retryable: true },
  { name: 'InvalidSignatureException', code: 'CLUSTER_UNREACHABLE', retryable: true },
  { name: 'ThrottlingException', code: 'CLUSTER_UNREACHABLE', retryable: true },
  { name: 'TimeoutError', code: 'CLUSTER_UNREACHABLE', retryable: true },
])('$name of EKS is $code', async ({ name, code, retryable }) => {
  const failure = Object.assign(new Error('canary-5f1c'), { name });
  const eks: EksCalls = { describeCluster: () => Promise.reject(failure) };

  const describing = describeEndpoint(aCluster(), eks, signal);

  await expect(describing).rejects.toMatchObject({ code, retryable });
  await expect(describing).rejects.not.toThrow('canary-5f1c');
});

test('credentials that EKS does not take are told as such, and not as a missing permission', async () => {
  const failure = Object.assign(new Error('x'), { name: 'ExpiredTokenException' });
  const eks: EksCalls = { describeCluster: () => Promise.reject(failure) };

  await expect(describeEndpoint(aCluster(), eks, signal)).rejects.toThrow('does not take the credentials');
});

test('an EKS that does not answer in time is a timeout', async () => {
  const eks: EksCalls = { describeCluster: () => Promise.reject(new Error('canary-5f1c')) };

  const describing = describeEndpoint(aCluster(), eks, AbortSignal.abort());

  await expect(describing).rejects.toMatchObject({ code: 'CLUSTER_TIMEOUT', retryable: true });
});
