import { Stack, Validations } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Provider } from 'aws-cdk-lib/custom-resources';
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

/** A function that CloudFormation waits for. */
export function acknowledgeSynchronous(scope: IConstruct): void {
  Validations.of(scope).acknowledge({
    id: 'Serverless-LambdaDLQ',
    reason: 'CloudFormation waits for the answer: there is nothing to redrive.',
  });
}

/** The function that CDK puts between CloudFormation and a handler. */
export function acknowledgeProvider(provider: Provider, handler: LambdaFunction): void {
  const by = 'The function is CDK’s (custom-resources.Provider), which chooses its';
  const { defaultChild } = handler.node;
  const logicalId =
    defaultChild instanceof CfnFunction ? String(Stack.of(handler).resolve(defaultChild.logicalId)) : '';
  acknowledgeSynchronous(provider);
  Validations.of(provider).acknowledge(
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      reason: `${by} policy: to write its log.`,
    },
    {
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>:*]`,
      reason: `${by} policy: any version of the handler.`,
    },
    { id: 'AwsSolutions-L1', reason: `${by} runtime.` },
    { id: 'Serverless-LambdaDefaultMemorySize', reason: `${by} memory.` },
    { id: 'Serverless-LambdaTracing', reason: `${by} tracing.` },
  );
}
