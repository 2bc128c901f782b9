import type { RelayError } from '../errors.ts';
import type { Receipt } from './receipt.ts';

/** A receipt has to fit an event, however much there is to say. */
const MAX_MESSAGE = 2000;

/** What a receipt says of an error. Messages of RelayErrors hold no value. */
export function errorParts({ code, detail }: RelayError): NonNullable<Receipt['error']> {
  return { code, message: cut(detail) };
}

/** A text of at most so many characters. */
export function cut(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE - 1)}…`;
}
