import { changeMarks } from '../model/change-marks.ts';
import type { Cause, ChangeMarks, Write } from '../model/change-marks.ts';
import type { ReceiptSettings } from '../model/config.ts';
import type { Receipt } from './receipt.ts';
import { receiptId } from './receipt-id.ts';
import { causeParts, commonParts, timesOf, writeKey } from './receipt-parts.ts';
import type { Subject } from './receipt-parts.ts';

/**
 * The receipt of the write that made a Secret what it is. Pure: all that it tells is in the Secret's annotations, so that whoever comes after a
 * function that died tells the same.
 *
 * | the write          | workloads  | receipt                              |
 * |--------------------|------------|--------------------------------------|
 * | left the data      | any        | complete                             |
 * | changed the data   | none wait  | complete                             |
 * | changed the data   | wait       | with `stages` written, else none yet |
 *
 * @param waiting whether workloads wait to be restarted for what the Secret holds
 */
export function receiptOfWrite(
  subject: Subject,
  waiting: boolean,
  when: ReceiptSettings['when'],
): Receipt | undefined {
  const marks = changeMarks(subject.annotations);
  const write = marks.write ?? marks.change;
  return write === undefined ? undefined : receiptOf(subject, { marks, write, waiting, when });
}

/**
 * The receipt of a write that was found done, where it was done for the same cause: whoever did it may have died before it told. Pure. A rollout that
 * is over has had its receipt before it was recorded.
 */
export function receiptOfFound(
  subject: Subject,
  causes: readonly Cause[],
  waiting: boolean,
  when: ReceiptSettings['when'],
): Receipt | undefined {
  const marks = changeMarks(subject.annotations);
  const write = [marks.write, marks.change].find(
    (item) => item !== undefined && causes.some((cause) => isSame(item, cause)),
  );
  if (write === undefined) return undefined;
  const followed = write === marks.change && marks.change.restarts !== 'off';
  return followed && !waiting ? undefined : receiptOf(subject, { marks, write, waiting, when });
}

function isSame(write: Write, { event, sweep }: Cause): boolean {
  if (event !== undefined) return write.event === event;
  return sweep !== undefined && write.sweep === sweep;
}

interface Found {
  readonly marks: ChangeMarks;
  readonly write: Write;
  readonly waiting: boolean;
  readonly when: ReceiptSettings['when'];
}

function receiptOf(subject: Subject, { marks, write, waiting, when }: Found): Receipt | undefined {
  const outcome = write === marks.change && waiting ? 'written' : 'complete';
  return outcome === 'written' && when === 'end' ? undefined : told(subject, outcome, marks, write);
}

/**
 * The receipt of a change whose rollout nobody follows any more, because another change of the same Secret came before its end. Pure.
 *
 * @param subject the Secret as it was before the later change
 */
export function receiptOfOvertaken(subject: Subject): Receipt | undefined {
  const marks = changeMarks(subject.annotations);
  return marks.change === undefined ? undefined : told(subject, 'superseded', marks, marks.change);
}

function told(subject: Subject, outcome: Receipt['outcome'], marks: ChangeMarks, write: Write): Receipt {
  return {
    ...commonParts(subject),
    ...causeParts(write),
    id: receiptId(outcome, ...writeKey(subject, write)),
    outcome,
    ...(write.reason === undefined ? {} : { reason: write.reason }),
    ...(marks.revision === undefined ? {} : { revision: marks.revision }),
    dataChanged: write === marks.change,
    times: { ...timesOf(write), written: write.written.toISOString() },
  };
}
