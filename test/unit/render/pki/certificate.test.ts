import { describe, expect, test } from '@jest/globals';
import { alternativeNames } from '../../../../lambda/render/pki/alternative-names.ts';
import { orderChain } from '../../../../lambda/render/pki/cert-chain.ts';
import { parseCertificate } from '../../../../lambda/render/pki/certificate.ts';
import type { Certificate } from '../../../../lambda/render/pki/certificate.ts';
import { nameText } from '../../../../lambda/render/pki/subject-name.ts';
import { certificatesIn, pkiFile } from '../../../support/pki.ts';

function only(name: string): Certificate {
  const [certificate] = certificatesIn(name);
  if (certificate === undefined) throw new Error(`${name} has no certificate`);
  return certificate;
}

const [root, intermediate, leaf] = [only('root.pem'), only('intermediate.pem'), only('leaf.pem')];
const names = (certificates: readonly Certificate[]): readonly string[] =>
  certificates.map(({ subject }) => nameText(subject));

describe('certificates', () => {
  test.each([
    ['in order', [leaf, intermediate, root]],
    ['from the root', [root, intermediate, leaf]],
    ['in no order', [intermediate, leaf, root]],
  ])('a chain %s is put into order', (_, certificates) => {
    expect(names(orderChain(certificates))).toEqual([
      'CN=Fake leaf',
      'CN=Fake intermediate',
      'CN=Fake root,O=Keyrelay test material',
    ]);
  });

  test.each([
    ['nothing', [], 'no leaf'],
    ['two leaves', [leaf, only('ec-leaf.pem'), intermediate], 'multiple leaf'],
    ['a certificate of another chain', [leaf, only('other-root.pem')], 'disjunct'],
    ['one certificate twice', [leaf, leaf], 'multiple leaf'],
  ])('%s is no chain', (_, certificates, reason) => {
    expect(() => orderChain(certificates)).toThrow(reason);
  });

  test('two that name each other as issuers have no leaf', () => {
    const [a, b] = [Buffer.from('a'), Buffer.from('b')];
    const first = { ...leaf, subjectKeyId: a, authorityKeyId: b };
    const second = { ...leaf, subjectKeyId: b, authorityKeyId: a };

    expect(() => orderChain([first, second])).toThrow('no leaf');
    expect(() => orderChain([{ ...leaf, authorityKeyId: a }, first, second])).toThrow('cycle');
  });

  test('alternative names come by kind: DNS, addresses, mail, URIs', () => {
    expect(alternativeNames(leaf)).toEqual([
      'shop.example.test',
      '*.example.test',
      '192.0.2.7',
      '2001:db8::1:0:0:1',
      '192.0.2.8',
      'shop@example.test',
      'spiffe://example.test/shop',
    ]);
    expect(alternativeNames(root)).toEqual([]);
  });

  test.each(['30 06 82 04 c3 a9 6f 6f', '30 07 87 05 01 02 03 04 05', '30 05 82'])(
    'alternative names that cannot be read are an error: %s',
    (bytes) => {
      const extension = Buffer.from(bytes.replaceAll(' ', ''), 'hex');

      expect(() => alternativeNames({ ...leaf, alternativeNames: extension })).toThrow('cannot be read');
    },
  );

  test('a name is told as Go tells it', () => {
    expect(nameText(only('other-root.pem').subject)).toBe(
      String.raw`CN=\ Fake\; other\ ,OU=a\+b,O=Keyrelay\, \"test\" material,C=XX,` +
        `1.2.840.113549.1.9.1=#0c11${Buffer.from('fake@example.test').toString('hex')}`,
    );
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['something else', Buffer.from('3003020101', 'hex')],
    ['a certificate that was cut', leaf.der.subarray(0, -1)],
    ['a certificate with something behind it', Buffer.concat([leaf.der, Buffer.alloc(1)])],
    ['an archive', pkiFile('modern.p12')],
  ])('%s is no certificate', (_, der) => {
    expect(() => parseCertificate(der)).toThrow('a certificate cannot be parsed');
  });
});
