import { hash as digest } from 'node:crypto';
import { FunctionError } from '../template/template-error.ts';
import type { Spend } from '../template/value.ts';

/** A password in the two forms in which PKCS#12 uses it. */
export interface Password {
  /** UCS-2 with a zero at its end: what RFC 7292 derives keys from. */
  readonly wide: Buffer;
  /** UTF-8: what newer methods derive keys from. */
  readonly utf8: Buffer;
}

/** Some programs mean by the empty password no bytes at all, instead of a zero. */
export const NO_PASSWORD: Password = { wide: Buffer.alloc(0), utf8: Buffer.alloc(0) };

/**
 * The forms of a password.
 *
 * @throws FunctionError where a character has no place in UCS-2
 */
export function passwordOf(text: string): Password {
  const isWide = Array.from(text).some((character) => character.length > 1);
  if (isWide) throw new FunctionError('the password has characters that PKCS#12 has no place for');
  return { wide: Buffer.from(`${text}\0`, 'utf16le').swap16(), utf8: Buffer.from(text) };
}

/** The digests of RFC 7292, with the length of the blocks that they work on. */
const BLOCK_LENGTH = { sha1: 64, sha256: 64, sha512: 128 } as const;
export type Digest = keyof typeof BLOCK_LENGTH;

/** What derived bytes are for; they differ by it. */
export const PURPOSE = { key: 1, iv: 2, mac: 3 } as const;

/** What a derivation starts from. */
export interface Derivation {
  readonly digest: Digest;
  readonly purpose: number;
  readonly salt: Buffer;
  readonly iterations: number;
  readonly length: number;
}

/** Derives bytes from a password by RFC 7292, appendix B.2, which node:crypto does not offer. */
export function derive(password: Buffer, derivation: Derivation, spend: Spend): Buffer {
  const { purpose, salt, length } = derivation;
  const block = BLOCK_LENGTH[derivation.digest];
  const start = Buffer.alloc(block, purpose);
  const input = Buffer.concat([repeated(salt, block), repeated(password, block)]);
  const parts: Buffer[] = [];
  for (let made = 0; made < length; made += parts.at(-1)?.length ?? length) {
    if (made > 0) addToBlocks(input, filled(parts.at(-1) ?? input, block));
    parts.push(digestRepeatedly(derivation, Buffer.concat([start, input]), spend));
  }
  return Buffer.concat(parts).subarray(0, length);
}

function digestRepeatedly({ digest: name, iterations }: Derivation, input: Buffer, spend: Spend): Buffer {
  spend(iterations);
  let value = digest(name, input, 'buffer');
  for (let round = 1; round < iterations; round++) value = digest(name, value, 'buffer');
  return value;
}

/** Repeated up to a whole number of blocks; nothing stays nothing. */
function repeated(bytes: Buffer, block: number): Buffer {
  return filled(bytes, Math.ceil(bytes.length / block) * block);
}

function filled(bytes: Buffer, length: number): Buffer {
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes);
}

/** Adds a number, and one, to each block, all of them being large integers. */
function addToBlocks(blocks: Buffer, number: Buffer): void {
  for (let start = 0; start < blocks.length; start += number.length) {
    let carry = 1;
    for (let at = number.length - 1; at >= 0; at--) {
      carry += (blocks[start + at] ?? 0) + (number[at] ?? 0);
      blocks[start + at] = carry & 0xff;
      carry >>= 8;
    }
  }
}
