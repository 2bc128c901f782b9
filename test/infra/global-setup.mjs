// Synthesizes every configuration once, for all tests of the templates.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../support/synthesize.ts';

const CONFIGS = {
  example: 'config',
  fleet: 'test/infra/configs/fleet',
  private: 'test/infra/configs/private',
  tenants: 'test/infra/configs/tenants',
};

export default async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'keyrelay-synth-'));
  process.env['KEYRELAY_SYNTH'] = folder;
  for (const [name, config] of Object.entries(CONFIGS)) await synthesize(config, join(folder, name));
}
