import { FunctionError } from '../template/template-error.ts';
import type { Certificate } from './certificate.ts';
import { DerError, implicitTag, itemsOf, readDer } from './der.ts';

/** The kinds of GeneralName that ESO lists, in its order (RFC 5280, 4.2.1.6). */
const NAMES = [
  { tag: implicitTag(2), text: asciiOf },
  { tag: implicitTag(7), text: addressOf },
  { tag: implicitTag(1), text: asciiOf },
  { tag: implicitTag(6), text: asciiOf },
] as const;

/**
 * The names that a certificate is for: DNS names, IP addresses, mail addresses, URIs.
 *
 * @throws FunctionError
 */
export function alternativeNames({ alternativeNames: extension }: Certificate): readonly string[] {
  if (extension === undefined) return [];
  try {
    const names = itemsOf(readDer(extension));
    return NAMES.flatMap(({ tag, text }) =>
      names.filter((name) => name.tag === tag).map(({ content }) => text(content)),
    );
  } catch (failure) {
    if (!(failure instanceof DerError)) throw failure;
    throw new FunctionError('a certificate has alternative names that cannot be read');
  }
}

function asciiOf(content: Buffer): string {
  if (content.some((byte) => byte > 0x7f)) throw new DerError();
  return content.toString('latin1');
}

/** An address as Go prints it: IPv4 within IPv6 with dots, and else by RFC 5952, which URLs have to follow too. */
function addressOf(content: Buffer): string {
  const mapped = content.length === 16 && content.subarray(0, 12).equals(V4_WITHIN_V6);
  if (content.length === 4 || mapped) return content.subarray(-4).join('.');
  if (content.length !== 16) throw new DerError();
  const groups = Array.from({ length: 8 }, (_, index) => content.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

const V4_WITHIN_V6 = Buffer.from('00000000000000000000ffff', 'hex');
