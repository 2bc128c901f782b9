import { FunctionError } from '../template/template-error.ts';
import type { Certificate } from './certificate.ts';

/**
 * The certificates in the order leaf, intermediates, root, as their key identifiers tell who issued whom. Nothing is verified: a chain is not
 * trusted for being in order.
 *
 * @throws FunctionError where they are no single chain
 */
export function orderChain(certificates: readonly Certificate[]): readonly Certificate[] {
  const parents = parentsOf(certificates);
  const issuers = new Set(parents.values());
  const [leaf, other] = certificates.filter((certificate) => !issuers.has(certificate));
  if (leaf === undefined) throw new FunctionError('no leaf certificate found');
  if (other !== undefined) throw new FunctionError('found multiple leaf or disjunct certificates');
  const chain: Certificate[] = [];
  for (let at: Certificate | undefined = leaf; at !== undefined; at = parents.get(at)) {
    if (chain.length === certificates.length) throw new FunctionError('constructing chain resulted in cycle');
    chain.push(at);
  }
  return chain;
}

/** Whether nobody else issued it, as far as it says. */
export function isRoot({ authorityKeyId, subjectKeyId }: Certificate): boolean {
  return authorityKeyId === undefined || idText(authorityKeyId) === idText(subjectKeyId);
}

/** The issuer of each: the first other certificate with the key that it names. One without such identifiers counts as having empty ones. */
function parentsOf(certificates: readonly Certificate[]): ReadonlyMap<Certificate, Certificate> {
  const byKey = Map.groupBy(certificates, ({ subjectKeyId }) => idText(subjectKeyId));
  const pairs = certificates.flatMap((certificate): readonly [Certificate, Certificate][] => {
    const parent = byKey.get(idText(certificate.authorityKeyId))?.find((other) => other !== certificate);
    return parent === undefined ? [] : [[certificate, parent]];
  });
  return new Map(pairs);
}

function idText(id: Buffer | undefined): string {
  return id?.toString('hex') ?? '';
}
