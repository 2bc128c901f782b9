import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startInstaller } from '../../../lambda/installer/start-installer.ts';

const ROLE = 'arn:aws:iam::123456789012:role/keyrelay-install';

let folder: string;
let env: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrelay-installer-'));
  const path = join(folder, 'manifests.json');
  await writeFile(path, '{"one":[]}');
  env = { AWS_REGION: 'eu-west-1', KEYRELAY_INSTALLER_ROLE_ARN: ROLE, KEYRELAY_MANIFESTS: path };
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the start of the installer', () => {
  test('takes role and manifests from the environment', async () => {
    const installer = await startInstaller(env);

    expect(installer.roleArn).toBe(ROLE);
    expect([...installer.manifests.keys()]).toEqual(['one']);
  });

  test.each([
    ['no role', 'KEYRELAY_INSTALLER_ROLE_ARN', undefined],
    ['a role that is no ARN', 'KEYRELAY_INSTALLER_ROLE_ARN', 'keyrelay-install'],
    ['no region', 'AWS_REGION', undefined],
    ['an empty path', 'KEYRELAY_MANIFESTS', ''],
  ])('fails with %s, and names the variable', async (_, name, value) => {
    const starting = startInstaller({ ...env, [name]: value });

    await expect(starting).rejects.toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    await expect(starting).rejects.toThrow(name);
  });
});
