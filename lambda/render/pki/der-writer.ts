import { TAG, contextTag } from './der.ts';

/** An element of DER with this content. */
export function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

/** A SEQUENCE. */
export function sequence(...items: readonly Uint8Array[]): Buffer {
  return element(TAG.sequence, ...items);
}

/** A SET, whose items DER sorts by their bytes. */
export function set(...items: readonly Uint8Array[]): Buffer {
  return element(TAG.set, ...items.toSorted((a, b) => Buffer.compare(a, b)));
}

/** `[number] EXPLICIT`. */
export function explicit(number: number, ...items: readonly Uint8Array[]): Buffer {
  return element(contextTag(number), ...items);
}

/** An OCTET STRING. */
export function octetString(content: Uint8Array): Buffer {
  return element(TAG.octetString, content);
}

/** An INTEGER that is not negative. */
export function integer(value: number): Buffer {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  const isNegative = (bytes[0] ?? 0) >= 0x80;
  return element(TAG.integer, Buffer.from(isNegative ? [0] : []), bytes);
}

/** An OBJECT IDENTIFIER, given with dots. */
export function objectId(dotted: string): Buffer {
  const [root = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(TAG.objectId, Buffer.from([root * 40 + second, ...rest].flatMap(base128)));
}

function base128(arc: number): readonly number[] {
  const digits = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
    digits.unshift(0x80 + (rest % 128));
  return digits;
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const digits = length.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 + bytes.length]), bytes]);
}
