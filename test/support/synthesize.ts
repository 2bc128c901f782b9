import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = dirname(dirname(import.meta.dirname));

/**
 * What `cdk synth` does: by the CLI, with no credentials and nothing of this environment. `checks` turns the rules of cdk-nag on, whose
 * findings are errors, as those of CDK's own validation are.
 */
export async function synthesize(config: string, outdir: string): Promise<void> {
  const cli = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const args = [cli, 'synth', '--quiet', '-c', 'checks=true', '-c', `config=${config}`, '--output', outdir];
  await promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: tmpdir(), CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
}
