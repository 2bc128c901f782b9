import { alternativeNames } from '../../pki/alternative-names.ts';
import { isRoot, orderChain } from '../../pki/cert-chain.ts';
import { certificatesToPem, parseCertificate } from '../../pki/certificate.ts';
import { allBlocks, encodePem, nextBlock } from '../../pki/pem.ts';
import { fn1, fn2, string } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { STRING_LIST, list } from '../value.ts';
import type { Spend, TemplateFunction } from '../value.ts';

/** What parsing a certificate takes, in steps. */
export const STEPS_PER_CERTIFICATE = 100;

/** ESO's functions of PEM and certificates (https://external-secrets.io/latest/guides/templating/#filter-pem-blocks). */
export const certificateFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ['filterPEM', fn2(string, string, filterPem)],
  ['filterCertChain', fn2(string, string, filterChain)],
  ['certSANs', fn1(string, (pem) => list(namesOf(pem), STRING_LIST))],
];

function filterPem(type: string, text: string): string {
  const { blocks, rest } = allBlocks(fromFirstBegin(text));
  const wanted = blocks.filter((block) => block.type.toLowerCase() === type.toLowerCase());
  if (wanted.length === 0 && rest !== '') throw new FunctionError('error filtering pem: found junk');
  return wanted.map(encodePem).join('');
}

/** Nothing, where the chain has no certificate of that kind. */
function filterChain(kind: string, pem: string, spend: Spend): string {
  const { blocks } = allBlocks(pem);
  spend(blocks.length * STEPS_PER_CERTIFICATE);
  const chain = orderChain(blocks.map(({ bytes }) => parseCertificate(bytes)));
  switch (kind) {
    case 'leaf':
      return certificatesToPem(chain.slice(0, 1).filter((certificate) => !isRoot(certificate)));
    case 'intermediate': {
      const root = chain.findIndex((certificate, index) => index > 0 && isRoot(certificate));
      return certificatesToPem(chain.slice(1, root < 0 ? undefined : root));
    }
    case 'root':
      return certificatesToPem(chain.slice(-1).filter(isRoot));
    default:
      return '';
  }
}

function namesOf(pem: string): readonly string[] {
  const first = nextBlock(fromFirstBegin(pem));
  if (first === undefined) throw new FunctionError('failed to decode PEM block');
  return alternativeNames(parseCertificate(first.block.bytes));
}

/** PEM may stand behind something on the same line. */
function fromFirstBegin(text: string): string {
  const begin = text.indexOf('-----BEGIN');
  return begin < 0 ? text : text.slice(begin);
}
