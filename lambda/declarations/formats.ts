import * as z from 'zod/mini';
import { SERVICES } from '../model/config.ts';
import { ROLE_ARN } from '../model/identity.ts';

/** A text that matches, or the message that says what was expected. */
export function text(pattern: RegExp, expected: string): z.ZodMiniString {
  return z.string(expected).check(z.regex(pattern, expected));
}

/** An object with these fields and no others; the message about an unknown field is the list of those that there are. */
export function fields<T extends z.core.$ZodLooseShape>(shape: T): z.ZodMiniObject<T, z.core.$strict> {
  const names = Object.keys(shape).join(', ');
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? names : 'a mapping') });
}

/** A list of such items. */
export function list<T extends z.core.SomeType>(item: T): z.ZodMiniArray<T> {
  return z.array(item, 'a list');
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
export const objectName = text(
  /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/u,
  'a Kubernetes name: lower-case letters, digits, - and ., at most 253',
);
/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names */
export const namespaceName = text(
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/u,
  'a namespace name: lower-case letters, digits and -, at most 63, no wildcard',
);
/**
 * What a token of a service account is for: anything but the API server itself, for which it would be its owner's key to the cluster
 * (https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/).
 */
export const audience = text(
  /^(?!.*(kubernetes\.default|\/\/oidc\.eks))\S{1,256}$/u,
  'the audience of a token, and not the API server’s',
);
/** The name of a Secret of another namespace. */
export const foreignName = text(
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\/[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/u,
  'NAMESPACE/NAME, such as platform/aws-keys',
);
/** The name of a service account, which may be of another namespace. */
export const accountName = text(
  /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\/)?[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/u,
  'the name of a service account, or NAMESPACE/NAME',
);
/** https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data */
export const dataKey = text(
  /^(?!\.$|\.\.)[-._a-zA-Z0-9]{1,253}$/u,
  'a Secret key: letters, digits, -, _ and ., at most 253',
);
/** https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html */
export const accountId = text(/^\d{12}$/u, 'an account id: 12 digits, in quotes');
/** https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
export const region = text(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/u, 'an AWS region such as eu-west-1');
export const service = z.enum(SERVICES);
/** https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html */
export const clusterName = text(
  /^[0-9A-Za-z][-_0-9A-Za-z]{0,99}$/u,
  'an EKS cluster name: letters, digits, - and _, at most 100',
);
export const roleArn = text(
  ROLE_ARN,
  'the ARN of an IAM role, such as arn:aws:iam::111122223333:role/keyrelay',
);
/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const externalId = text(
  /^[\w+=,.@:/-]{2,1224}$/u,
  'an external id: 2 to 1224 characters of letters, digits and +=,.@:/-',
);
/** Keys of labels and annotations (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set). */
export const labelKey = text(
  /^((?=.{1,253}\/)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/u,
  'a key such as team or example.com/team',
);
/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
export const labelValue = text(
  /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/u,
  'a label value: letters, digits, -, _ and ., at most 63, in quotes if it looks like a number',
);
const GO_DURATION = /^(0|(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+)$/u;
/** Go's duration (https://pkg.go.dev/time#ParseDuration), not below zero. */
export const refreshInterval = text(GO_DURATION, 'a duration such as 1h or 15m, in quotes');
/** A duration that is longer than nothing. */
export const duration = z
  .string('a duration, in quotes')
  .check(
    z.regex(GO_DURATION, { error: 'a duration such as 1h or 15m', abort: true }),
    z.regex(/[1-9]/u, 'a duration above zero'),
  );
/** As robfig/cron reads it, which ESO uses (https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format). */
export const cron = text(
  /^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|@every (\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+|\S+( +\S+){4})$/u,
  'a schedule of five fields such as 0 22 * * 1-5, or a word such as @daily',
);
/** Name, full or partial ARN (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html), or a parameter's. */
export const secretId = text(
  /^(?!arn:).{1,2048}$|^arn:[\w-]+:(secretsmanager:[\w-]+:\d{12}:secret:|ssm:[\w-]+:\d{12}:parameter\/).{1,1900}$/u,
  'the name or ARN of a secret',
);
/** The beginning of names, which may be none at all. */
export const keyPrefix = text(/^[\w/+=.@-]{0,500}$/u, 'the beginning of names, such as prod/');
/** `uuid/` and a version id, or a stage (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html). */
export const version = text(
  /^(uuid\/[\w-]{32,64}|(?!uuid\/).{1,256})$/u,
  'a version stage such as AWSCURRENT, or uuid/ and the id of a version',
);
/** An EventBridge schedule (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html). */
export const schedule = text(
  /^(rate\(1 (minute|hour|day)\)|rate\(([2-9]|[1-9]\d+) (minutes|hours|days)\)|cron\(\S+( \S+){5}\))$/u,
  'a schedule such as rate(1 hour) or cron(0 * * * ? *)',
);
