import type { Context } from 'aws-lambda';
import { systemClock } from '../clock.ts';
import { RelayError, toRelayError } from '../errors.ts';
import { createClusterObjects } from '../installer/cluster-objects.ts';
import { parseInstallEvent } from '../installer/install-event.ts';
import type { InstallEvent } from '../installer/install-event.ts';
import { install, uninstall } from '../installer/install.ts';
import type { Installed } from '../installer/install.ts';
import { patientCalls } from '../installer/patient-calls.ts';
import type { Installer } from '../installer/start-installer.ts';
import { withTemporaryAccess } from '../installer/temporary-access.ts';
import { logger } from '../telemetry/logger.ts';

/** An access entry is said to take effect within seconds (https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html). */
const PATIENCE_MS = 120_000;
/** Left for taking the access entry away and for answering. */
const MARGIN_MS = 20_000;

/**
 * Answers CDK's provider framework (https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html): what is thrown
 * fails the deployment, with its message.
 */
export async function handleInstall(
  event: unknown,
  context: Context,
  installer: Installer,
): Promise<{ readonly PhysicalResourceId: string }> {
  logger.addContext(context);
  try {
    const request = parseInstallEvent(event);
    const budgetMs = Math.max(0, Math.floor(context.getRemainingTimeInMillis()) - MARGIN_MS);
    const done = await perform(request, installer, budgetMs);
    logger.info(request.kind, { ...request, ...done });
    return { PhysicalResourceId: `${request.relay}/${request.cluster}` };
  } catch (failure) {
    const error = toRelayError(failure, 'the installer');
    logger.error('the installer failed', { code: error.code, message: error.message });
    throw error;
  }
}

async function perform(
  request: InstallEvent,
  installer: Installer,
  budgetMs: number,
): Promise<Installed | undefined> {
  const { cluster, kind, relay } = request;
  const manifests = installer.manifests.get(cluster);
  if (manifests === undefined && kind === 'install')
    throw new RelayError('CONFIG_INVALID', `there are no manifests for cluster ${cluster}; deploy again`);
  const session = installer.open(cluster);
  const signal = AbortSignal.timeout(budgetMs);
  const patienceMs = Math.min(PATIENCE_MS, budgetMs / 2);
  try {
    const eks = patientCalls(installer.eks, { clock: systemClock, patienceMs, signal });
    return await withTemporaryAccess(eks, { cluster, roleArn: installer.roleArn }, () => {
      const objects = createClusterObjects({ cluster, session, clock: systemClock, signal, patienceMs });
      return kind === 'install' ? install(objects, request, manifests ?? []) : uninstall(objects, relay);
    });
  } catch (failure) {
    // What was in a cluster that is gone is gone too.
    if (kind === 'remove' && failure instanceof RelayError && failure.code === 'CLUSTER_NOT_FOUND')
      return undefined;
    throw failure;
  } finally {
    session.close();
  }
}
