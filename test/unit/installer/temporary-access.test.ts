import { beforeEach, describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import { withTemporaryAccess } from '../../../lambda/installer/temporary-access.ts';
import { FakeEks } from './fake-eks.ts';

const roleArn = 'arn:aws:iam::123456789012:role/keyrelay-install';
const visitor = { cluster: 'shop-prod', roleArn };
const entry = { clusterName: 'shop-prod', principalArn: roleArn };
const done = (): Promise<string> => Promise.resolve('done');

let eks: FakeEks;

beforeEach(() => {
  eks = new FakeEks();
});

describe('temporary access', () => {
  test('makes the role an administrator, works, and takes the entry away', async () => {
    const during: string[] = [];

    const result = await withTemporaryAccess(eks, visitor, () => {
      during.push(...eks.actions);
      return done();
    });

    expect(result).toBe('done');
    expect(during).toEqual(['DescribeCluster', 'CreateAccessEntry', 'AssociateAccessPolicy']);
    expect(eks.calls.slice(1)).toEqual([
      ['CreateAccessEntry', entry],
      [
        'AssociateAccessPolicy',
        {
          ...entry,
          policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
          accessScope: { type: 'cluster' },
        },
      ],
      ['DeleteAccessEntry', entry],
    ]);
  });

  test('names the policy in the partition of the role', async () => {
    await withTemporaryAccess(
      eks,
      { ...visitor, roleArn: 'arn:aws-cn:iam::123456789012:role/keyrelay-install' },
      done,
    );

    expect(eks.calls).toContainEqual([
      'AssociateAccessPolicy',
      expect.objectContaining({
        policyArn: 'arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
      }),
    ]);
  });

  test('goes on with an entry that an interrupted run left, and takes it away', async () => {
    eks.failures.set('CreateAccessEntry', 'ResourceInUseException');

    expect(await withTemporaryAccess(eks, visitor, done)).toBe('done');

    expect(eks.actions.at(-1)).toBe('DeleteAccessEntry');
  });

  test.each(['API', 'API_AND_CONFIG_MAP'])('enters a cluster whose mode is %s', async (mode) => {
    eks.mode = mode;

    expect(await withTemporaryAccess(eks, visitor, done)).toBe('done');
  });

  test.each(['CONFIG_MAP', undefined])('changes nothing in a cluster whose mode is %s', async (mode) => {
    eks.mode = mode;

    const entering = withTemporaryAccess(eks, visitor, done);

    await expect(entering).rejects.toThrow(expect.objectContaining({ code: 'CLUSTER_AUTHENTICATION_MODE' }));
    await expect(entering).rejects.toThrow(
      'aws eks update-cluster-config --name shop-prod --access-config authenticationMode=API_AND_CONFIG_MAP',
    );
    expect(eks.actions).toEqual(['DescribeCluster']);
  });

  test.each(['CREATING', 'DELETING', 'FAILED', undefined])(
    'changes nothing in a cluster that is %s',
    async (status) => {
      eks.status = status;

      const entering = withTemporaryAccess(eks, visitor, done);

      await expect(entering).rejects.toThrow(expect.objectContaining({ code: 'CLUSTER_NOT_READY' }));
      expect(eks.actions).toEqual(['DescribeCluster']);
    },
  );

  test('enters a cluster that is being updated', async () => {
    eks.status = 'UPDATING';

    expect(await withTemporaryAccess(eks, visitor, done)).toBe('done');
  });

  test('takes away an entry of which it does not know whether it was made', async () => {
    eks.failures.set('CreateAccessEntry', 'TimeoutError');

    await expect(withTemporaryAccess(eks, visitor, done)).rejects.toThrow('eks:CreateAccessEntry');

    expect(eks.actions.at(-1)).toBe('DeleteAccessEntry');
  });

  test('tells why it could not enter, not that it could not leave', async () => {
    eks.failures.set('CreateAccessEntry', 'AccessDeniedException');
    eks.failures.set('DeleteAccessEntry', 'AccessDeniedException');

    await expect(withTemporaryAccess(eks, visitor, done)).rejects.toThrow(
      expect.objectContaining({ code: 'INSTALLER_DENIED' }),
    );
  });

  test.each([
    ['DescribeCluster', 'ResourceNotFoundException', 'CLUSTER_NOT_FOUND'],
    ['DescribeCluster', 'AccessDeniedException', 'INSTALLER_DENIED'],
    ['DescribeCluster', 'TimeoutError', 'CLUSTER_UNREACHABLE'],
    ['CreateAccessEntry', 'AccessDeniedException', 'INSTALLER_DENIED'],
    ['CreateAccessEntry', 'InvalidRequestException', 'CLUSTER_REJECTED'],
    ['AssociateAccessPolicy', 'AccessDeniedException', 'INSTALLER_DENIED'],
  ])('tells that %s failed with %s, and works nothing', async (action, name, code) => {
    eks.failures.set(action, name);
    let worked = false;

    const entering = withTemporaryAccess(eks, visitor, () => {
      worked = true;
      return done();
    });

    await expect(entering).rejects.toThrow(expect.objectContaining({ code }));
    await expect(entering).rejects.toThrow(`eks:${action} on shop-prod failed (${name})`);
    expect(worked).toBe(false);
  });

  test('takes the entry away where the policy could not be associated', async () => {
    eks.failures.set('AssociateAccessPolicy', 'ServerException');

    await expect(withTemporaryAccess(eks, visitor, done)).rejects.toThrow(RelayError);

    expect(eks.actions.at(-1)).toBe('DeleteAccessEntry');
  });

  test('takes the entry away where the work failed, and tells why it failed', async () => {
    const failure = new RelayError('NAMESPACE_NOT_FOUND', 'no namespace shop');

    await expect(withTemporaryAccess(eks, visitor, () => Promise.reject(failure))).rejects.toBe(failure);

    expect(eks.actions.at(-1)).toBe('DeleteAccessEntry');
  });

  test('is content with an entry that is gone already', async () => {
    eks.failures.set('DeleteAccessEntry', 'ResourceNotFoundException');

    expect(await withTemporaryAccess(eks, visitor, done)).toBe('done');
  });

  test('gives the command that removes an entry which it could not', async () => {
    eks.failures.set('DeleteAccessEntry', 'ServerException');

    const leaving = withTemporaryAccess(eks, visitor, done);

    await expect(leaving).rejects.toThrow(expect.objectContaining({ code: 'ACCESS_ENTRY_LEFT' }));
    await expect(leaving).rejects.toThrow(
      `aws eks delete-access-entry --cluster-name shop-prod --principal-arn ${roleArn}`,
    );
  });

  test('tells both where the work failed and the entry stays', async () => {
    eks.failures.set('DeleteAccessEntry', 'ServerException');
    const failure = new RelayError('NAMESPACE_NOT_FOUND', 'no namespace shop');

    const leaving = withTemporaryAccess(eks, visitor, () => Promise.reject(failure));

    await expect(leaving).rejects.toThrow(expect.objectContaining({ code: 'ACCESS_ENTRY_LEFT' }));
    await expect(leaving).rejects.toThrow('NAMESPACE_NOT_FOUND: no namespace shop');
    await expect(leaving).rejects.toThrow('delete-access-entry');
  });

  test('tells both where the failure was unforeseen, without its words', async () => {
    eks.failures.set('DeleteAccessEntry', 'ServerException');

    const leaving = withTemporaryAccess(eks, visitor, () => Promise.reject(new TypeError('fake-value')));

    await expect(leaving).rejects.toThrow(/ACCESS_ENTRY_LEFT: .*TypeError.*delete-access-entry/u);
    await expect(leaving).rejects.not.toThrow('fake-value');
  });
});
