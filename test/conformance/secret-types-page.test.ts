import { describe, expect, test } from '@jest/globals';
import { certificatesIn, pemFile } from '../support/pki.ts';
import { recipes } from '../support/secret-types.ts';
import { certificatesToPem } from '../../lambda/render/pki/certificate.ts';
import { readPkcs12 } from '../../lambda/render/pki/pkcs12-read.ts';
import { runCase } from './support/run-case.ts';

const RECIPES = recipes();
const leaf = certificatesToPem(certificatesIn('leaf.pem'));
const intermediate = certificatesToPem(certificatesIn('intermediate.pem'));
const root = certificatesToPem(certificatesIn('root.pem'));
const key = pemFile('rsa-key.pem');

/** Type and texts of what an example gives. */
async function made(
  name: string,
): Promise<{ readonly type: string; readonly data: Readonly<Record<string, Buffer>> }> {
  const recipe = RECIPES.find((each) => each.name === name);
  const outcome = recipe === undefined ? undefined : await runCase(recipe.example);
  if (outcome?.kind !== 'secret') throw new Error(`${name} gives no Secret: ${JSON.stringify(outcome)}`);
  const { type = 'Opaque', data } = outcome.secret;
  return {
    type,
    data: Object.fromEntries([...data].map(([name, value]) => [name, Buffer.from(value.reveal())])),
  };
}

describe('the examples of docs/secret-types.md', () => {
  test.each([
    ['tls', 'kubernetes.io/tls', { 'tls.crt': leaf, 'tls.key': key }],
    ['tls-bundle', 'kubernetes.io/tls', { 'tls.crt': leaf + intermediate, 'tls.key': key, 'ca.crt': root }],
    ['tls-archive', 'kubernetes.io/tls', { 'tls.crt': leaf + intermediate + root, 'tls.key': key }],
    [
      'registry',
      'kubernetes.io/dockerconfigjson',
      { '.dockerconfigjson': '{"auths":{"registry.example.test":{"auth":"ZmFrZTpmYWtl"}}}' },
    ],
    [
      'registry-login',
      'kubernetes.io/dockerconfigjson',
      {
        '.dockerconfigjson': `{"auths":{"registry.example.test":{"auth":"${Buffer.from('fake:fake "quoted" \\ pass').toString('base64')}","password":"fake \\"quoted\\" \\\\ pass","username":"fake"}}}`,
      },
    ],
    ['basic-auth', 'kubernetes.io/basic-auth', { username: 'fake', password: 'fake-pass' }],
    ['ssh', 'kubernetes.io/ssh-auth', { 'ssh-privatekey': 'fake SSH key\n' }],
  ])('%s gives what it promises', async (name, type, expected) => {
    const { type: given, data } = await made(name);

    expect(given).toBe(type);
    expect(Object.fromEntries(Object.entries(data).map(([each, value]) => [each, value.toString()]))).toEqual(
      expected,
    );
  });

  test('keystore gives archives that its password opens', async () => {
    const { type, data } = await made('keystore');
    const password = data['password']?.toString() ?? '';
    const { certificates } = readPkcs12(data['keystore.p12'] ?? Buffer.alloc(0), password, () => undefined);

    expect(type).toBe('Opaque');
    expect(certificatesToPem(certificates)).toBe(leaf + intermediate);
    expect(data['truststore.p12']?.length).toBeGreaterThan(500);
  });

  test('are all tested here', () => {
    expect(RECIPES.map(({ name }) => name)).toEqual([
      'tls',
      'tls-bundle',
      'tls-archive',
      'keystore',
      'registry',
      'registry-login',
      'basic-auth',
      'ssh',
    ]);
  });
});
