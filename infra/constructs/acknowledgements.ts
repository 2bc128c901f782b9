import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Lambda's tracing asks for `*`. */
export function acknowledgeTracing(role: IConstruct): void {
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'X-Ray takes segments for no resource in particular; BatchGetSecretValue and ListSecrets know none.',
  });
}

/** Network interfaces of a function in a VPC. */
export function acknowledgeNetwork(role: IConstruct): void {
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'Lambda makes the network interfaces of functions in a VPC with the function’s role, before they have ARNs.',
  });
}
