import { X509Certificate, createPrivateKey } from 'node:crypto';
import { fn2, string } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { dict, struct } from '../value.ts';
import type { TemplateFunction, Value } from '../value.ts';
import { decodeBase64 } from './base64.ts';

/** Of sprig's certificates the one that makes none (https://masterminds.github.io/sprig/crypto.html). */
export const customCertFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ['buildCustomCert', fn2(string, string, buildCustomCert)],
];

/** Certificate and key, decoded and looked at. */
function buildCustomCert(cert: string, key: string): Value {
  const [certPem, keyPem] = [decoded(cert, 'certificate'), decoded(key, 'private key')];
  check('certificate', () => new X509Certificate(blockOf(certPem)));
  check('private key', () => createPrivateKey(blockOf(keyPem)));
  const fields = [
    ['Cert', certPem],
    ['Key', keyPem],
  ] as const;
  return struct('sprig.certificate', { fields, json: dict(fields) });
}

function decoded(text: string, what: string): string {
  const bytes = decodeBase64(text);
  if (bytes.kind === 'corrupt') throw new FunctionError(`the ${what} is no base64`);
  return bytes.text;
}

/** The first block of the PEM. */
function blockOf(pem: string): string {
  return /-----BEGIN ([^\n-]*)-----\r?\n[^-]*-----END \1-----/u.exec(pem)?.[0] ?? '';
}

/** The reason is dropped, since it could quote the value. */
function check(what: string, parse: () => unknown): void {
  try {
    parse();
  } catch {
    throw new FunctionError(`the ${what} cannot be parsed`);
  }
}
