import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { consoleProgress } from '../../local/progress.ts';
import { pythonEnvironment } from '../../local/python.ts';
import type { Synthesized } from '../support/templates.ts';
import { templatePaths } from '../support/templates.ts';

/** CDK says with DependsOn what a GetAtt says already, wherever a function has a role. */
const REDUNDANT_DEPENDENCY = 'W3005';

let lint: string;
beforeAll(async () => {
  const python = await pythonEnvironment(consoleProgress, {
    path: join(import.meta.dirname, 'cfn-lint', 'requirements.txt'),
    notice: 'installing cfn-lint (260 MB on disk, once, about 25 s)',
  });
  lint = join(dirname(python), 'cfn-lint');
}, 600_000);

test.each<Synthesized>(['example', 'fleet', 'private', 'tenants'])(
  'cfn-lint finds nothing in the templates of %s',
  (name) => {
    const { stdout, stderr, status } = spawnSync(
      lint,
      ['--ignore-checks', REDUNDANT_DEPENDENCY, '--', ...templatePaths(name).values()],
      { encoding: 'utf8' },
    );

    expect(stdout + stderr).toBe('');
    expect(status).toBe(0);
  },
);

test('cfn-lint would find a mistake', () => {
  const broken = JSON.stringify({
    Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { Colour: 'red' } } },
  });
  const { stdout, status } = spawnSync(lint, [], { encoding: 'utf8', input: broken });

  expect(stdout).toContain('Colour');
  expect(status).not.toBe(0);
});
