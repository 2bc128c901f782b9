import { RECEIPT } from '../../lambda/contract.ts';
import { partitionOf } from '../../lambda/declarations/deployment.ts';
import type { Deployment, Home } from '../../lambda/declarations/deployment.ts';
import type { CompiledConfig } from '../../lambda/model/config.ts';
import type { Statement } from './relay-statements.ts';

/**
 * Sending receipts to the one bus that is configured, and nothing else than receipts: events of another source would be somebody else's words.
 * A call has the sources of all its entries (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html).
 */
export function receiptStatements(
  { settings: { receipts } }: CompiledConfig,
  { account }: Deployment,
  { region }: Pick<Home, 'region'>,
): readonly Statement[] {
  if (receipts === undefined) return [];
  const { bus } = receipts;
  const arn = bus.startsWith('arn:')
    ? bus
    : `arn:${partitionOf(region)}:events:${region}:${account}:event-bus/${bus}`;
  return [
    {
      Sid: 'SendReceipts',
      Effect: 'Allow',
      Action: ['events:PutEvents'],
      Resource: [arn],
      Condition: {
        'ForAllValues:StringEquals': {
          'events:source': RECEIPT.source,
          'events:detail-type': RECEIPT.detailType,
        },
        // Of nothing at all, every value is one of these.
        Null: { 'events:source': 'false', 'events:detail-type': 'false' },
      },
    },
  ];
}
