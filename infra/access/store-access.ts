import { partitionOf } from '../../lambda/declarations/deployment.ts';
import type { Service } from '../../lambda/model/config.ts';
import { parameterPath } from '../../lambda/model/parameter-ids.ts';

/** An account and region with a service that holds declared secrets: events come from there. */
export interface SecretsPlace {
  readonly account: string;
  readonly region: string;
}

/** How IAM, KMS and EventBridge know a service. */
export interface StoreAccess {
  /** Its name in policies, in hosts and in the sources of events. */
  readonly id: string;
  /** Reading a value, and the tags. */
  readonly actions: readonly string[];
  /** The resource of a name, or of a name pattern. */
  readonly resourceOf: (place: SecretsPlace, name: string) => string;
  /** The resources of an ARN that a declaration names. */
  readonly resourcesOfArn: (arn: string) => readonly string[];
  /** Whether a pattern without `*` means the name. */
  readonly isNamed: (pattern: string, name: string) => boolean;
}

/** Secrets Manager's suffix: a hyphen and six characters (https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html). */
const SUFFIX = '-??????';
const HAS_SUFFIX = /-[A-Za-z0-9]{6}$/u;

export const STORE_ACCESS: Readonly<Record<Service, StoreAccess>> = {
  SecretsManager: {
    id: 'secretsmanager',
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
    resourceOf: ({ account, region }, name) =>
      `arn:${partitionOf(region)}:secretsmanager:${region}:${account}:secret:${name}${name.endsWith('*') ? '' : SUFFIX}`,
    // A partial ARN lacks the suffix, and a name may end like one: both forms, where it cannot be told.
    resourcesOfArn: (arn) => (HAS_SUFFIX.test(arn) ? [arn, arn + SUFFIX] : [arn + SUFFIX]),
    isNamed: (pattern, name) => name === pattern || name.replace(HAS_SUFFIX, '') === pattern,
  },
  ParameterStore: {
    id: 'ssm',
    actions: ['ssm:GetParameters', 'ssm:ListTagsForResource'],
    resourceOf: ({ account, region }, name) =>
      `arn:${partitionOf(region)}:ssm:${region}:${account}:${parameterPath(name)}`,
    resourcesOfArn: (arn) => [arn],
    isNamed: (pattern, name) => parameterPath(pattern) === parameterPath(name),
  },
};
