import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate } from '../../lambda/render/pki/certificate.ts';
import { parseCertificate } from '../../lambda/render/pki/certificate.ts';
import { allBlocks } from '../../lambda/render/pki/pem.ts';

/** The password of the archives in test/support/pki. */
export const FAKE_PASSWORD = 'fake-password';

/** A file of test material, made by test/support/pki/make.sh. */
export function pkiFile(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, 'pki', name));
}

/** A file of PEM. */
export function pemFile(name: string): string {
  return pkiFile(name).toString('latin1');
}

/** The certificates in a file of PEM. */
export function certificatesIn(name: string): readonly Certificate[] {
  return allBlocks(pemFile(name)).blocks.map(({ bytes }) => parseCertificate(bytes));
}
