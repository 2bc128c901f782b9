import { RelayError } from '../../lambda/errors.ts';
import type { Receipt } from '../../lambda/receipts/receipt.ts';
import type { ReceiptPort } from '../../lambda/receipts/receipt-port.ts';
import { receiptProblems } from './receipt-schema.ts';

/** An event bus that takes what it is not told to refuse, and nothing that its consumers could not read. */
export class FakeReceipts implements ReceiptPort {
  readonly sent: Receipt[] = [];
  /** Why it does not take a receipt. */
  refuses: (receipt: Receipt) => 'RECEIPT_UNSENT' | 'RECEIPT_REFUSED' | undefined = () => undefined;
  /** The function dies when it sends. */
  dies = false;

  send(receipts: readonly Receipt[]): Promise<ReadonlyMap<string, RelayError>> {
    if (this.dies) return Promise.reject(new Error('Runtime exited with error: signal: killed'));
    const failed = new Map<string, RelayError>();
    for (const receipt of receipts) {
      const problems = receiptProblems(receipt);
      if (problems !== undefined) throw new Error(`no consumer could read ${receipt.id}: ${problems}`);
      const code = this.refuses(receipt);
      if (code === undefined) this.sent.push(receipt);
      else failed.set(receipt.id, new RelayError(code, receipt.id));
    }
    return Promise.resolve(failed);
  }

  /** `outcome namespace/name` of what was sent, in order. */
  told(): readonly string[] {
    return this.sent.map(({ outcome, secret }) => `${outcome} ${secret.namespace}/${secret.name}`);
  }
}
