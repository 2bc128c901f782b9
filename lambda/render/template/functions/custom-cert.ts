import { decodeBase64 } from '../../base64.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { nextBlock } from '../../pki/pem.ts';
import { privateKeyOf } from '../../pki/private-key.ts';
import { fromBytes } from '../go-string.ts';
import { fn2, string } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { dict, struct } from '../value.ts';
import type { Value } from '../value.ts';
import type { NamedFunctions } from './names.ts';

/** Of sprig's certificates the one that makes none (https://masterminds.github.io/sprig/crypto.html). */
export const customCertFunctions: NamedFunctions = [
  ['buildCustomCert', fn2(string, string, buildCustomCert)],
];

/** Certificate and key, decoded and looked at. */
function buildCustomCert(cert: string, key: string): Value {
  const [certPem, keyPem] = [decoded(cert, 'certificate'), decoded(key, 'private key')];
  const first = nextBlock(certPem);
  if (first === undefined) throw new FunctionError('there is no PEM block with a certificate');
  parseCertificate(first.block.bytes);
  privateKeyOf(keyPem);
  const fields = [
    ['Cert', certPem],
    ['Key', keyPem],
  ] as const;
  return struct('sprig.certificate', { fields, json: dict(fields) });
}

function decoded(text: string, what: string): string {
  const bytes = decodeBase64(text, 'standard');
  if (bytes === undefined) throw new FunctionError(`the ${what} is no base64`);
  return fromBytes(bytes);
}
