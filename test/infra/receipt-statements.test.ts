import { expect, test } from '@jest/globals';
import { receiptStatements } from '../../infra/access/receipt-statements.ts';
import { compileOrThrow } from '../../lambda/declarations/compile-or-throw.ts';

function resourcesOf(receipts: string, region = 'eu-west-1'): readonly (readonly string[])[] {
  const result = compileOrThrow({
    config: {
      path: 'keyrelay.yaml',
      text: `apiVersion: keyrelay.dev/v1
kind: Config
clusters: [{ name: one, region: ${region}, account: '111122223333', namespaces: [shop] }]
stores: [{ name: aws, provider: { aws: { service: SecretsManager, region: ${region} } } }]
settings: { receipts: ${receipts} }
`,
    },
    declarations: [],
  });
  return receiptStatements(result.config, result.deployment, { region }).map(({ Resource }) => Resource);
}

test.each([
  [
    'to the default bus of the relay’s account and region',
    '{}',
    'eu-west-1',
    'arn:aws:events:eu-west-1:111122223333:event-bus/default',
  ],
  [
    'to a bus by its name',
    '{ bus: team }',
    'eu-west-1',
    'arn:aws:events:eu-west-1:111122223333:event-bus/team',
  ],
  [
    'to a bus by its name in China',
    '{ bus: team }',
    'cn-north-1',
    'arn:aws-cn:events:cn-north-1:111122223333:event-bus/team',
  ],
  [
    'to a bus by its ARN',
    '{ bus: "arn:aws:events:eu-west-1:444455556666:event-bus/all" }',
    'eu-west-1',
    'arn:aws:events:eu-west-1:444455556666:event-bus/all',
  ],
])('receipts may be sent %s', (_, receipts, region, arn) => {
  expect(resourcesOf(receipts, region)).toEqual([[arn]]);
});

test('nothing may be sent where receipts are off', () => {
  expect(resourcesOf('{ when: off }')).toEqual([]);
});
