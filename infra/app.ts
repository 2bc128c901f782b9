// The CDK app: `cdk deploy --all` [-c config=FOLDER]. Without the CLI, `node infra/app.ts` writes the same to CDK_OUTDIR or a temporary folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { readConfig } from '../lambda/declarations/read-config.ts';
import { RelayError } from '../lambda/errors.ts';
import { buildApp } from './build-app.ts';
import { bundleFunctions } from './bundle.ts';
import { DeploymentError } from './deployment-error.ts';

const app = new App();
const work = mkdtempSync(join(tmpdir(), 'keyrelay-cdk-'));
try {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const folder: unknown = app.node.tryGetContext('config') ?? join(root, 'config');
  const { config, deployment } = await readConfig(String(folder));
  const bundles = join(work, 'bundles');
  await bundleFunctions(root, bundles);
  buildApp(app, { config, deployment, bundles, staging: join(work, 'staged') });
  // The rules of cdk-nag hold for what is tested; a deployment is not kept back by a newer rule.
  if (app.node.tryGetContext('checks') !== undefined)
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  app.synth();
} catch (error) {
  // A mistake in the configuration needs its message, not the place in the code that found it.
  if (!(error instanceof RelayError || error instanceof DeploymentError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
