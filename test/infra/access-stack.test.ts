import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../support/resolved-template.ts';
import { resolved } from '../support/resolved-template.ts';
import type { Synthesized } from '../support/templates.ts';
import { templateOf } from '../support/templates.ts';

function stack(name: Synthesized, account: string, region: string): ReadonlyMap<string, Resource> {
  const prefix = { example: 'keyrelay', fleet: 'fleet', private: 'inside', tenants: 'tenants' }[name];
  return resolved(templateOf(name, `${prefix}-access-${account}-${region}`), { account, region });
}

const near = stack('fleet', '111122223333', 'eu-west-1');
const abroad = stack('fleet', '444455556666', 'us-east-1');
const remote = stack('fleet', '777788889999', 'ap-southeast-2');

function entryOf(resources: ReadonlyMap<string, Resource>, cluster: string): Resource | undefined {
  return [...resources.values()].find(
    ({ Type, Properties }) => Type === 'AWS::EKS::AccessEntry' && Properties['ClusterName'] === cluster,
  );
}

function installs(resources: ReadonlyMap<string, Resource>): readonly unknown[] {
  return [...resources.values()].flatMap(({ Type, Properties }) =>
    Type === 'Custom::KeyrelayClusterAccess' ? [Properties['cluster']] : [],
  );
}

describe('access to a cluster', () => {
  test('of mode rbac is membership of a group, and nothing else', () => {
    expect(entryOf(near, 'near')?.Properties).toEqual({
      ClusterName: 'near',
      PrincipalArn: 'arn:aws:iam::111122223333:role/fleet-relay-eu-west-1',
      KubernetesGroups: ['fleet'],
      Type: 'STANDARD',
    });
  });

  test('of mode access-policy is EKS’s policy for Secrets, in the declared namespaces', () => {
    expect(entryOf(near, 'by-policy')?.Properties).toMatchObject({
      KubernetesGroups: ['fleet'],
      AccessPolicies: [
        {
          PolicyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSSecretAdminPolicy',
          AccessScope: { Type: 'namespace', Namespaces: ['shop'] },
        },
      ],
    });
  });

  test('of mode none is somebody else’s', () => {
    expect(entryOf(near, 'by-hand')).toBeUndefined();
  });

  test('of another account is that of the role there: one that is made, or the one that is named', () => {
    expect(entryOf(abroad, 'abroad')?.Properties['PrincipalArn']).toBe(
      'arn:aws:iam::444455556666:role/fleet-access-us-us-east-1',
    );
    expect(entryOf(remote, 'remote')?.Properties['PrincipalArn']).toBe(
      'arn:aws:iam::777788889999:role/their-role',
    );
    expect(
      [...remote.values()].filter(
        ({ Properties }) => Properties['RoleName'] === 'fleet-access-eu-west-1-ap-southeast-2',
      ),
    ).toEqual([]);
  });

  test('begins after what fences it stands', () => {
    const [id = ''] = [...near].find(([, { Type }]) => Type === 'Custom::KeyrelayClusterAccess') ?? [];

    expect(entryOf(near, 'near')?.DependsOn).toContain(id);
  });
});

describe('the installer', () => {
  test('applies to the clusters that are left to the deployment, and to no others', () => {
    expect(installs(near)).toEqual(['near']);
    expect(installs(abroad)).toEqual(['abroad']);
    expect(installs(remote)).toEqual(['remote']);
  });

  test('is run again when what it applies changes', () => {
    const digest = (resources: ReadonlyMap<string, Resource>): unknown =>
      [...resources.values()].find(({ Type }) => Type === 'Custom::KeyrelayClusterAccess')?.Properties[
        'manifestsDigest'
      ];

    expect(digest(near)).toMatch(/^[0-9a-f]{64}$/u);
    expect(digest(near)).not.toBe(digest(abroad));
  });

  test('is in the VPC of a relay that is in one', () => {
    const inside = stack('private', '111122223333', 'eu-central-1');
    const functions = [...inside.values()].filter(
      ({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties['Handler'] === 'index.handler',
    );

    expect(functions).toMatchObject([
      { Properties: { VpcConfig: { SubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'] } } },
    ]);
  });
});
