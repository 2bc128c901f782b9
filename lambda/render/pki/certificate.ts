import { X509Certificate } from 'node:crypto';
import { FunctionError } from '../template/template-error.ts';
import {
  TAG,
  contextTag,
  elementsOf,
  implicitTag,
  itemsOf,
  objectIdOf,
  octetsOf,
  readDer,
  tagged,
} from './der.ts';
import type { Der } from './der.ts';
import { encodePem } from './pem.ts';

/** What is read of an X.509 certificate (RFC 5280), as node:crypto's own class does not tell who issued whom. */
export interface Certificate {
  readonly der: Buffer;
  readonly subject: Der;
  readonly subjectKeyId: Buffer | undefined;
  readonly authorityKeyId: Buffer | undefined;
  /** The value of the extension with alternative names. */
  readonly alternativeNames: Buffer | undefined;
}

export const PEM_CERTIFICATE = 'CERTIFICATE';
const EXTENSIONS = contextTag(3);
const ID = { subjectKeyId: '2.5.29.14', subjectAltName: '2.5.29.17', authorityKeyId: '2.5.29.35' } as const;

/**
 * A certificate from its DER.
 *
 * @throws FunctionError
 */
export function parseCertificate(der: Buffer): Certificate {
  try {
    new X509Certificate(der); // checks what is not looked at below
    return readCertificate(der);
  } catch {
    throw new FunctionError('a certificate cannot be parsed');
  }
}

/** Certificates as PEM, one after the other. */
export function certificatesToPem(certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => encodePem({ type: PEM_CERTIFICATE, bytes: der })).join('');
}

function readCertificate(der: Buffer): Certificate {
  const [body] = itemsOf(readDer(der));
  const fields = itemsOf(body);
  const afterVersion = fields[0]?.tag === contextTag(0) ? fields.slice(1) : fields;
  const [, , , , subject] = afterVersion; // serial number, algorithm, issuer, validity, subject
  const extensions = extensionsOf(afterVersion.find(({ tag }) => tag === EXTENSIONS));
  const subjectKeyId = extensions.get(ID.subjectKeyId);
  return {
    der,
    subject: tagged(subject, TAG.sequence),
    subjectKeyId: subjectKeyId === undefined ? undefined : octetsOf(readDer(subjectKeyId)),
    authorityKeyId: keyIdOf(extensions.get(ID.authorityKeyId)),
    alternativeNames: extensions.get(ID.subjectAltName),
  };
}

function extensionsOf(element: Der | undefined): ReadonlyMap<string, Buffer> {
  if (element === undefined) return new Map();
  const extensions = itemsOf(elementsOf(element.content)[0]);
  return new Map(
    extensions.map((extension) => {
      const parts = itemsOf(extension); // whether it is critical may be left out
      return [objectIdOf(parts[0]), octetsOf(parts.at(-1))];
    }),
  );
}

/** The first field of an AuthorityKeyIdentifier, which may be absent. */
function keyIdOf(extension: Buffer | undefined): Buffer | undefined {
  if (extension === undefined) return undefined;
  const [first] = itemsOf(readDer(extension));
  return first?.tag === implicitTag(0) ? first.content : undefined;
}
