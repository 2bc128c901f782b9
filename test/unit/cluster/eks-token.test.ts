import { expect, test } from '@jest/globals';
import { presignToken } from '../../../lambda/cluster/eks-token.ts';
import type { TokenRequest } from '../../../lambda/cluster/eks-token.ts';

/** AWS's documented example credentials. */
function aTokenRequest(changes: Partial<TokenRequest> = {}): TokenRequest {
  return {
    cluster: 'prod',
    region: 'eu-west-1',
    credentials: {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
      sessionToken: 'TOK+en/==',
    },
    now: new Date('2026-11-23T10:00:00Z'),
    ...changes,
  };
}

/** The URL that the cluster's authenticator gets. */
function urlOf(token: string): URL {
  expect(token).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/u);
  return new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString('utf8'));
}

test('a token has the signature that botocore computes for the same request', async () => {
  const url = urlOf(await presignToken(aTokenRequest()));

  expect(url.searchParams.get('X-Amz-Signature')).toBe(
    '3f5eebb4002cbe3afddf232b21dbd8bbb3ce0de9b326d1098b61164ad4b051c5',
  );
});

test('a token is made of what the authenticator accepts and nothing else', async () => {
  const url = urlOf(await presignToken(aTokenRequest()));

  expect(url.origin + url.pathname).toBe('https://sts.eu-west-1.amazonaws.com/');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'AKIDEXAMPLE/20261123/eu-west-1/sts/aws4_request',
    'X-Amz-Date': '20261123T100000Z',
    'X-Amz-Expires': '60',
    'X-Amz-Security-Token': 'TOK+en/==',
    'X-Amz-Signature': expect.any(String),
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
  });
});

test('credentials without a session give a token without one', async () => {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'fake' };

  const url = urlOf(await presignToken(aTokenRequest({ credentials })));

  expect(url.searchParams.has('X-Amz-Security-Token')).toBe(false);
});

test('the cluster is part of what is signed, so that its token is of no use in another', async () => {
  const signatureFor = async (cluster: string) =>
    urlOf(await presignToken(aTokenRequest({ cluster }))).searchParams.get('X-Amz-Signature');

  expect(await signatureFor('prod')).not.toBe(await signatureFor('dev'));
});

test.each([
  { region: 'us-east-1', host: 'sts.us-east-1.amazonaws.com' },
  { region: 'us-gov-west-1', host: 'sts.us-gov-west-1.amazonaws.com' },
  { region: 'cn-north-1', host: 'sts.cn-north-1.amazonaws.com.cn' },
  { region: 'eusc-de-east-1', host: 'sts.eusc-de-east-1.amazonaws.eu' },
  { region: 'us-iso-east-1', host: 'sts.us-iso-east-1.c2s.ic.gov' },
  { region: 'us-isob-east-1', host: 'sts.us-isob-east-1.sc2s.sgov.gov' },
])('in $region the token is for $host', async ({ region, host }) => {
  expect(urlOf(await presignToken(aTokenRequest({ region }))).host).toBe(host);
});

test('a token that EKS would refuse for its length is an error that says so, without the token', async () => {
  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'fake',
    sessionToken: 'canary-5f1c'.repeat(400),
  };

  const signing = presignToken(aTokenRequest({ credentials }));

  await expect(signing).rejects.toMatchObject({ code: 'CLUSTER_UNAUTHENTICATED' });
  await expect(signing).rejects.not.toThrow('canary-5f1c');
});
