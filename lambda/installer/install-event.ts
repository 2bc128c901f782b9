import * as z from 'zod/mini';
import { RelayError } from '../errors.ts';

const Event = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResourceProperties: z.object({
    cluster: z.string().check(z.minLength(1)),
    relay: z.string().check(z.minLength(1)),
  }),
});

/** What CloudFormation asks for, by way of CDK's provider framework. */
export interface InstallEvent {
  readonly kind: 'install' | 'remove';
  /** The EKS cluster's name. */
  readonly cluster: string;
  /** The relay's name: its Kubernetes group. */
  readonly relay: string;
}

/**
 * Reads the event of a custom resource (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes.html).
 *
 * @throws RelayError EVENT_MALFORMED
 */
export function parseInstallEvent(event: unknown): InstallEvent {
  const parsed = Event.safeParse(event);
  if (!parsed.success) {
    const fields = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.')))];
    throw new RelayError(
      'EVENT_MALFORMED',
      `no event of the custom resource: wrong or missing ${fields.join(', ')}; only CloudFormation invokes the installer`,
    );
  }
  const { RequestType, ResourceProperties } = parsed.data;
  return { kind: RequestType === 'Delete' ? 'remove' : 'install', ...ResourceProperties };
}
