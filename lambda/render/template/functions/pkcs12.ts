import type { KeyObject } from 'node:crypto';
import { orderChain } from '../../pki/cert-chain.ts';
import { certificatesToPem, parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { allBlocks, encodePem, nextBlock } from '../../pki/pem.ts';
import { readPkcs12 } from '../../pki/pkcs12-read.ts';
import type { Archive } from '../../pki/pkcs12-read.ts';
import { writePkcs12, writeTrustStore } from '../../pki/pkcs12-write.ts';
import { privateKeyOf, toPkcs8 } from '../../pki/private-key.ts';
import { fromGo } from '../go-string.ts';
import { fn1, fn2, fn3, string } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import type { Spend, TemplateFunction } from '../value.ts';
import { STEPS_PER_CERTIFICATE } from './certificates.ts';

/** ESO's functions of PKCS#12 archives (https://external-secrets.io/latest/guides/templating/#helper-functions). */
export const pkcs12Functions: readonly (readonly [string, TemplateFunction])[] = [
  ['pkcs12key', fn1(string, (archive, spend) => keyPem(open(archive, '', spend).key))],
  ['pkcs12keyPass', fn2(string, string, (pass, archive, spend) => keyPem(open(archive, pass, spend).key))],
  ['pkcs12cert', fn1(string, (archive, spend) => chainPem(open(archive, '', spend)))],
  ['pkcs12certPass', fn2(string, string, (pass, archive, spend) => chainPem(open(archive, pass, spend)))],
  ['pemToPkcs12', fn2(string, string, (pem, key, spend) => archiveOf(firstOf(pem), key, '', spend))],
  [
    'pemToPkcs12Pass',
    fn3(string, string, string, (pem, key, pass, spend) => archiveOf(firstOf(pem), key, pass, spend)),
  ],
  [
    'fullPemToPkcs12',
    fn2(string, string, (pem, key, spend) => archiveOf(chainOf(pem, spend), key, '', spend)),
  ],
  [
    'fullPemToPkcs12Pass',
    fn3(string, string, string, (pem, key, pass, spend) => archiveOf(chainOf(pem, spend), key, pass, spend)),
  ],
  ['pemTruststoreToPKCS12', fn1(string, (pem, spend) => trustStoreOf(pem, '', spend))],
  ['pemTruststoreToPKCS12Pass', fn2(string, string, trustStoreOf)],
];

function open(archive: string, password: string, spend: Spend): Archive {
  return readPkcs12(Buffer.from(archive, 'latin1'), fromGo(password), spend);
}

function keyPem(key: KeyObject): string {
  return encodePem({ type: 'PRIVATE KEY', bytes: toPkcs8(key) });
}

/** In the chain's order where they are one chain, else as the archive has them. */
function chainPem({ certificates }: Archive): string {
  try {
    return certificatesToPem(orderChain(certificates));
  } catch (failure) {
    if (!(failure instanceof FunctionError)) throw failure;
    return certificatesToPem(certificates);
  }
}

function archiveOf(
  certificates: readonly Certificate[],
  key: string,
  password: string,
  spend: Spend,
): string {
  return writePkcs12(privateKeyOf(key), certificates, fromGo(password), spend).toString('base64');
}

function trustStoreOf(pem: string, password: string, spend: Spend): string {
  return writeTrustStore(allOf(pem, spend), fromGo(password), spend).toString('base64');
}

function firstOf(pem: string): readonly Certificate[] {
  const first = nextBlock(pem);
  if (first === undefined) throw new FunctionError('there is no PEM block with a certificate');
  return [parseCertificate(first.block.bytes)];
}

function chainOf(pem: string, spend: Spend): readonly Certificate[] {
  const certificates = allOf(pem, spend);
  return certificates.length > 0 ? certificates : firstOf(pem);
}

/** All certificates; ESO fails where anything stands behind the last one. */
function allOf(pem: string, spend: Spend): readonly Certificate[] {
  const { blocks, rest } = allBlocks(pem);
  if (rest !== '') throw new FunctionError('there is text behind the last PEM block');
  spend(blocks.length * STEPS_PER_CERTIFICATE);
  return blocks.map(({ bytes }) => parseCertificate(bytes));
}
