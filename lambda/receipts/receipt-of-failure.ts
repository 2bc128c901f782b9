import type { RelayError } from '../errors.ts';
import type { SourceChange } from '../model/change.ts';
import type { Cluster } from '../model/config.ts';
import { targetId } from '../model/target.ts';
import type { Target } from '../model/target.ts';
import type { ExpectedVersion } from '../plan/confirmation.ts';
import { errorParts } from './error-parts.ts';
import type { Receipt } from './receipt.ts';
import { receiptId } from './receipt-id.ts';
import { causeParts, commonParts, sourceLists, sourceParts, timesOf } from './receipt-parts.ts';

/** A change that the relay gave up bringing to one Secret. */
export interface GivenUp {
  readonly cluster: Pick<Cluster, 'name' | 'region' | 'account'>;
  readonly target: Target;
  /** `namespace/name`. */
  readonly declaration: string;
  readonly change: SourceChange;
  /** The versions that the event named, by `sourceId`. */
  readonly expected: ReadonlyMap<string, readonly ExpectedVersion[]>;
  readonly error: RelayError;
  readonly now: Date;
}

/** The receipt of a change that failed for good. Pure. Several events of one change name one version, and have one id. */
export function receiptOfFailure(failure: GivenUp): Receipt {
  const { cluster, target, declaration, change, expected, error, now } = failure;
  const cause = { event: change.eventId, rotated: change.time, received: change.received };
  return {
    ...commonParts({ cluster, target, uid: undefined, annotations: {} }),
    ...causeParts(cause),
    id: receiptId('write-failed', targetId(target), change.versionId ?? change.eventId),
    outcome: 'write-failed',
    declaration,
    ...sourceLists(
      [...expected].map(([id, versions]) => {
        const versionId = versions.flatMap((version) => version.versionId ?? []).at(-1);
        return { ...sourceParts(id), ...(versionId === undefined ? {} : { versionId }) };
      }),
    ),
    times: { ...timesOf(cause), failed: now.toISOString() },
    error: errorParts(error),
  };
}
