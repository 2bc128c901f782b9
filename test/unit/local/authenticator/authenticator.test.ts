import { describe, expect, test } from '@jest/globals';
import { presignToken } from '../../../../lambda/cluster/eks-token.ts';
import { userOf } from '../../../../local/control-plane/authenticator/access-entries.ts';
import { parameter, parseToken } from '../../../../local/control-plane/authenticator/parse-token.ts';
import { hasValidSignature } from '../../../../local/control-plane/authenticator/verify-signature.ts';

/** The example credentials of AWS's documentation, and the signature that botocore makes of them. */
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'TOK+en/==',
};
const now = new Date('2026-11-23T10:00:00Z');
const GOLDEN = '3f5eebb4002cbe3afddf232b21dbd8bbb3ce0de9b326d1098b61164ad4b051c5';

const encode = (url: string): string => `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
const decode = (token: string): string =>
  Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString('utf8');
const aToken = () => presignToken({ cluster: 'prod', region: 'eu-west-1', credentials, now });

async function parsed() {
  const result = parseToken(await aToken(), now);
  if (result.kind === 'rejected') throw new Error(result.reason);
  return result.request;
}

describe('a token', () => {
  test('of the relay is understood, and signed as botocore signs', async () => {
    const request = await parsed();

    expect(request).toMatchObject({
      region: 'eu-west-1',
      accessKeyId: 'AKIDEXAMPLE',
      signedHeaders: ['host', 'x-k8s-aws-id'],
    });
    expect(parameter(request.url, 'x-amz-signature')).toBe(GOLDEN);
  });

  test.each([
    {
      what: 'without the prefix',
      change: (url: string) => url,
      token: (url: string) => url,
      reason: /does not begin/u,
    },
    { what: 'that is no URL', change: () => 'nonsense', reason: /not an encoded URL/u },
    {
      what: 'over 4096 bytes',
      change: (url: string) => `${url}&x=${'y'.repeat(4000)}`,
      reason: /too large/u,
    },
    { what: 'over http', change: (url: string) => url.replace('https:', 'http:'), reason: /scheme/u },
    {
      what: 'to another host',
      change: (url: string) =>
        url.replace('sts.eu-west-1.amazonaws.com', 'sts.eu-west-1.amazonaws.com.example'),
      reason: /host/u,
    },
    { what: 'to another port', change: (url: string) => url.replace('.com/', '.com:8443/'), reason: /host/u },
    { what: 'to another path', change: (url: string) => url.replace('.com/', '.com/x'), reason: /path/u },
    {
      what: 'for another action',
      change: (url: string) => url.replace('GetCallerIdentity', 'AssumeRole'),
      reason: /action/u,
    },
    {
      what: 'with a parameter of its own',
      change: (url: string) => `${url}&Extra=1`,
      reason: /extra is not allowed/u,
    },
    {
      what: 'with a parameter twice',
      change: (url: string) => `${url}&ACTION=GetCallerIdentity`,
      reason: /twice/u,
    },
    {
      what: 'that does not sign the cluster',
      change: (url: string) => url.replace('x-k8s-aws-id', 'x-other'),
      reason: /not signed/u,
    },
    {
      what: 'that expires too late',
      change: (url: string) => url.replace('X-Amz-Expires=60', 'X-Amz-Expires=901'),
      reason: /Expires/u,
    },
    {
      what: 'without a date',
      change: (url: string) => url.replace('20261123T100000Z', 'today'),
      reason: /no date/u,
    },
  ])('$what is rejected', async ({ change, token = encode, reason }) => {
    const result = parseToken(token(change(decode(await aToken()))), now);

    expect(result.kind === 'rejected' && result.reason).toMatch(reason);
  });

  test.each([
    { minutes: 15, kind: 'request' },
    { minutes: 15.1, kind: 'rejected' },
    { minutes: -5, kind: 'request' },
    { minutes: -5.1, kind: 'rejected' },
  ])('that is $minutes minutes old is a $kind', async ({ minutes, kind }) => {
    expect(parseToken(await aToken(), new Date(now.getTime() + minutes * 60_000)).kind).toBe(kind);
  });
});

describe('a signature', () => {
  test('holds for the cluster and the secret that it was made with, and for no other', async () => {
    const request = await parsed();

    expect(hasValidSignature(request, 'prod', credentials.secretAccessKey)).toBe(true);
    expect(hasValidSignature(request, 'staging', credentials.secretAccessKey)).toBe(false);
    expect(hasValidSignature(request, 'prod', 'another')).toBe(false);
  });

  test('does not hold for a request that was changed', async () => {
    const request = await parsed();
    const url = new URL(request.url);
    url.searchParams.set('X-Amz-Date', '20261123T100100Z');

    expect(hasValidSignature({ ...request, url }, 'prod', credentials.secretAccessKey)).toBe(false);
  });
});

describe('an access entry', () => {
  const entries = new Map([['arn:aws:iam::123456789012:role/relay', { groups: ['keyrelay'] }]]);

  test('makes a user of a caller who has assumed its role', () => {
    expect(userOf('arn:aws:sts::123456789012:assumed-role/relay/session', entries)).toEqual({
      username: 'arn:aws:sts::123456789012:assumed-role/relay/session',
      groups: ['keyrelay'],
    });
  });

  test.each([
    'arn:aws:sts::123456789012:assumed-role/other/session',
    'arn:aws:sts::999999999999:assumed-role/relay/session',
    'arn:aws:iam::123456789012:user/relay',
    '',
  ])('says nothing of %s', (caller) => {
    expect(userOf(caller, entries)).toBeUndefined();
  });
});
