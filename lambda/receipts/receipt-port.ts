import type { RelayError } from '../errors.ts';
import type { Receipt } from './receipt.ts';

/** Where receipts go. */
export interface ReceiptPort {
  /**
   * Sends all of them, each at least once. Never throws: a receipt must not undo what it tells of.
   *
   * @returns by id why some were not taken: RECEIPT_UNSENT, or RECEIPT_REFUSED where trying again cannot help
   */
  send(receipts: readonly Receipt[], signal: AbortSignal): Promise<ReadonlyMap<string, RelayError>>;
}

/** Where nobody wants receipts. */
export const NO_RECEIPTS: ReceiptPort = { send: () => Promise.resolve(new Map()) };
