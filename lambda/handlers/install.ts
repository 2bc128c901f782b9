import type { Context } from 'aws-lambda';
import { startInstaller } from '../installer/start-installer.ts';
import { handleInstall } from './handle-install.ts';

const installer = await startInstaller();

/** Entry point: the custom resource of a cluster's access. */
export const handler = (event: unknown, context: Context): Promise<{ readonly PhysicalResourceId: string }> =>
  handleInstall(event, context, installer);
