import { describe, expect, test } from '@jest/globals';
import { secretPolicies } from '../../infra/access/relay-statements.ts';
import { compileOrThrow } from '../../lambda/declarations/compile-or-throw.ts';
import type { Compiled } from '../../lambda/declarations/compile.ts';

function declaring(count: number, patterns = ''): Compiled {
  return compileOrThrow({
    config: {
      path: 'keyrelay.yaml',
      text: `apiVersion: keyrelay.dev/v1
kind: Config
clusters: [{ name: one, region: eu-west-1, account: '111122223333', namespaces: [shop] }]
stores: [{ name: aws, ${patterns} provider: { aws: { service: SecretsManager, region: eu-west-1 } } }]
`,
    },
    declarations: Array.from({ length: count }, (_, n) => ({
      path: `${n}.yaml`,
      text: `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: s${n}, namespace: shop, annotations: { keyrelay.dev/clusters: one } }
spec: { secretStoreRef: { kind: ClusterSecretStore, name: aws }, dataFrom: [{ extract: { key: prod/secret-${n} } }] }
`,
    })),
  });
}

describe('the policies that read secrets', () => {
  test('are as many as it takes, each within IAM’s 6,144 characters, and lose no secret', () => {
    const { config, deployment } = declaring(400);
    const policies = secretPolicies(config, deployment);

    expect(policies.length).toBeGreaterThan(1);
    for (const statements of policies)
      expect(JSON.stringify({ Version: '2012-10-17', Statement: statements }).length).toBeLessThanOrEqual(
        6144,
      );
    expect(new Set(policies.flat().flatMap(({ Resource }) => Resource)).size).toBe(400);
  });

  test('cannot name a thousand one by one, and the error says what can be done', () => {
    const { config, deployment } = declaring(1000);

    expect(() => secretPolicies(config, deployment)).toThrow(/1000 declared secrets .*stores\[\]\.secrets/u);
  });

  test('name patterns in place of any number of secrets', () => {
    const { config, deployment } = declaring(1000, 'secrets: [prod/*],');

    expect(secretPolicies(config, deployment)).toMatchObject([
      [{ Resource: ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/*'] }],
    ]);
  });
});
