import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import type { Case, Stored } from '../conformance/support/case-format.ts';
import { FAKE_PASSWORD, pemFile, pkiFile } from './pki.ts';

const PAGE = join(import.meta.dirname, '../../docs/secret-types.md');
const Manifest = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.record(z.string(), z.unknown()),
});

/** An example of docs/secret-types.md, as the conformance suite runs it. */
export interface Recipe {
  readonly name: string;
  readonly example: Case;
}

/** All examples of the page, with what they read from AWS. */
export function recipes(): readonly Recipe[] {
  const blocks = readFileSync(PAGE, 'utf8').matchAll(/^```yaml\n(.*?)^```$/gmsu);
  return Array.from(blocks, ([, block = '']) => {
    const { metadata, spec } = Manifest.parse(parse(block));
    const example = { title: metadata.name, stored, manifest: spec, expect: { empty: true } } as const;
    return { name: metadata.name, example };
  });
}

const json = (value: object): string => JSON.stringify(value);

/** What lies in AWS for the examples: test material, all of it. */
const stored: Stored[] = [
  { name: 'shop/tls', text: json({ certificate: pemFile('leaf.pem'), key: pemFile('rsa-key.pem') }) },
  { name: 'shop/tls-bundle', text: pemFile('chain.pem') + pemFile('rsa-key.pem') },
  { name: 'shop/archive', base64: pkiFile('legacy-rc2-40.p12').toString('base64') },
  { name: 'shop/archive-password', text: FAKE_PASSWORD },
  {
    name: 'shop/keystore',
    text: json({
      certificate: pemFile('leaf.pem') + pemFile('intermediate.pem'),
      key: pemFile('rsa-key.pem'),
      authority: pemFile('root.pem'),
      password: FAKE_PASSWORD,
    }),
  },
  {
    name: 'shop/docker-config',
    text: json({ auths: { 'registry.example.test': { auth: 'ZmFrZTpmYWtl' } } }),
  },
  {
    name: 'shop/registry',
    text: json({ registry: 'registry.example.test', username: 'fake', password: 'fake "quoted" \\ pass' }),
  },
  { name: 'shop/login', text: json({ username: 'fake', password: 'fake-pass' }) },
  { name: 'shop/ssh-key', text: 'fake SSH key\n' },
];
