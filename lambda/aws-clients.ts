import { EKS } from '@aws-sdk/client-eks';
import { SQS } from '@aws-sdk/client-sqs';
import { AWS_OPTIONS } from './aws-options.ts';
import type { EventBridgeCalls } from './bus/event-bus.ts';
import type { EksFor } from './cluster/eks-endpoint.ts';
import type { StsCalls } from './identity/sts.ts';
import type { ApiCalls } from './model/api-calls.ts';
import type { Credentials } from './model/identity.ts';
import type { AwsIdentity } from './sources/open-source.ts';

/** STS of a region, which signs with these credentials; with the function's own where there are none. */
export type StsFor = (region: string, credentials?: Credentials) => Promise<StsCalls>;

/** The clients of AWS that the functions use beside those of stores, whatever role they are for. */
export interface AwsClients {
  readonly sqs: (region: string) => SQS;
  readonly eks: EksFor;
  readonly sts: StsFor;
  readonly eventBridge: (region: string) => Promise<EventBridgeCalls>;
}

/** What not every cold start needs is loaded when it is asked for. */
export function createAwsClients(calls: ApiCalls): AwsClients {
  return {
    sqs: (region) => calls.watch('sqs', new SQS({ region, ...AWS_OPTIONS })),
    eks: ({ region }, credentials) =>
      Promise.resolve(
        calls.watch('eks', new EKS({ region, credentials: identityOf(credentials), ...AWS_OPTIONS })),
      ),
    sts: async (region, credentials) => {
      const { STS } = await import('@aws-sdk/client-sts');
      const as = credentials === undefined ? {} : { credentials: identityOf(credentials) };
      return calls.watch('sts', new STS({ region, ...AWS_OPTIONS, ...as }));
    },
    eventBridge: async (region) => {
      const { EventBridgeClient, PutEventsCommand } = await import('@aws-sdk/client-eventbridge');
      const client = calls.watch('events', new EventBridgeClient({ region, ...AWS_OPTIONS }));
      return { putEvents: (input, options) => client.send(new PutEventsCommand(input), options) };
    },
  };
}

/** As the SDK's clients take them: what is undefined is absent. */
export function identityOf({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expiration,
}: Credentials): AwsIdentity {
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(expiration === undefined ? {} : { expiration }),
  };
}
