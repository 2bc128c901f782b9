import type { Cluster, ReceiptSettings } from '../model/config.ts';
import { targetId } from '../model/target.ts';
import type { Outcome } from '../relay/outcome.ts';
import type { Receipt } from './receipt.ts';
import { receiptId } from './receipt-id.ts';
import { causeParts, commonParts, timesOf } from './receipt-parts.ts';
import { receiptOfFound, receiptOfOvertaken, receiptOfWrite } from './receipt-of-write.ts';

export interface ReceiptOptions {
  readonly clusters: readonly Cluster[];
  readonly when: ReceiptSettings['when'];
  readonly now: Date;
}

/**
 * The receipts of what was done. Pure. What failed is told by who gives it up (`receiptOfFailure`), and a rollout by who sees its end
 * (`receiptOfRollout`).
 *
 * | outcome                                         | receipt                                     |
 * |-------------------------------------------------|---------------------------------------------|
 * | written                                         | see `receiptOfWrite`                        |
 * | written over a change with a rollout to come    | and superseded, of the change before        |
 * | kept, and was written for the same cause        | the same again: it may never have been sent |
 * | kept, for any other                             | none                                        |
 * | deleted                                         | deleted                                     |
 * | skipped, failed                                 | none                                        |
 */
export function receiptsOfOutcomes(
  outcomes: readonly Outcome[],
  { clusters, when, now }: ReceiptOptions,
): readonly Receipt[] {
  const named = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  return outcomes.flatMap((outcome): readonly Receipt[] => {
    const { target, uid, annotations = {}, causes = [], restartsDue = false, overtaken } = outcome;
    const cluster = named.get(target.cluster);
    if (cluster === undefined) return [];
    const subject = { cluster, target, uid, annotations };
    switch (outcome.kind) {
      case 'written':
        return [
          ...(overtaken === undefined
            ? []
            : listed(receiptOfOvertaken({ ...subject, annotations: overtaken }))),
          ...listed(receiptOfWrite(subject, restartsDue, when)),
        ];
      case 'kept':
        return listed(receiptOfFound(subject, causes, restartsDue, when));
      case 'deleted':
        return [
          {
            ...commonParts(subject),
            ...causeParts(causes[0] ?? {}),
            id: receiptId('deleted', targetId(target), uid),
            outcome: 'deleted',
            reason: outcome.reason,
            times: { ...timesOf(causes[0] ?? {}), deleted: now.toISOString() },
          },
        ];
      case 'skipped':
      case 'failed':
        return [];
    }
  });
}

function listed(receipt: Receipt | undefined): readonly Receipt[] {
  return receipt === undefined ? [] : [receipt];
}
