/** One element of a DER document (ITU-T X.690), read as far as somebody asks. */
export interface Der {
  /** The identifier octet: class, form and number. */
  readonly tag: number;
  readonly content: Buffer;
  /** Identifier, length and content as they stand there. */
  readonly raw: Buffer;
}

/** The identifier octets that are met here. */
export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  t61String: 0x14,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier of `[number]`, where the type is not primitive. */
export function contextTag(number: number): number {
  return 0xa0 + number;
}

/** The identifier of `[number] IMPLICIT`, where the type is primitive. */
export function implicitTag(number: number): number {
  return 0x80 + number;
}

/** The bytes are not DER, or not of the structure that was asked for. It says nothing more, because whoever asks knows what they are. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** The one element that the bytes are; trailing bytes are an error. */
export function readDer(bytes: Buffer): Der {
  const [only, ...others] = elementsOf(bytes);
  if (only === undefined || others.length > 0) throw new DerError();
  return only;
}

/** The elements that stand side by side. */
export function elementsOf(bytes: Buffer): readonly Der[] {
  const elements: Der[] = [];
  for (let at = 0; at < bytes.length;) {
    const element = elementAt(bytes, at);
    elements.push(element);
    at += element.raw.length;
  }
  return elements;
}

/** The element, which must have this tag. */
export function tagged(element: Der | undefined, tag: number): Der {
  if (element?.tag !== tag) throw new DerError();
  return element;
}

/** What a SEQUENCE, or a SET if told so, holds. */
export function itemsOf(element: Der | undefined, tag: number = TAG.sequence): readonly Der[] {
  return elementsOf(tagged(element, tag).content);
}

/** The content of an OCTET STRING. */
export function octetsOf(element: Der | undefined): Buffer {
  return tagged(element, TAG.octetString).content;
}

/** An INTEGER of at most 32 bits, not negative. */
export function numberOf(element: Der | undefined): number {
  const { content } = tagged(element, TAG.integer);
  const isShort = content.length > 0 && content.length <= 5;
  const value = isShort ? content.readUIntBE(0, content.length) : Number.NaN;
  if (!(value <= 0x7fffffff)) throw new DerError();
  return value;
}

/** An OBJECT IDENTIFIER with dots. */
export function objectIdOf(element: Der | undefined): string {
  const { content } = tagged(element, TAG.objectId);
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
}

/** Lengths are definite and as short as can be; identifiers of several octets do not occur in what is read here. */
function elementAt(bytes: Buffer, at: number): Der {
  const [tag = 0x1f, first = 0x80] = bytes.subarray(at, at + 2);
  const digits = first < 0x80 ? 0 : first - 0x80;
  const start = at + 2 + digits;
  const isReadable = (tag & 0x1f) !== 0x1f && first !== 0x80 && digits <= 4 && start <= bytes.length;
  if (!isReadable) throw new DerError();
  const length = digits === 0 ? first : bytes.readUIntBE(at + 2, digits);
  const isShortest = digits === 0 || (length >= 0x80 && length >= 256 ** (digits - 1));
  if (!isShortest || length > bytes.length - start) throw new DerError();
  const end = start + length;
  return { tag, content: bytes.subarray(start, end), raw: bytes.subarray(at, end) };
}
