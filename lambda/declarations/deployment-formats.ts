import type * as z from 'zod/mini';
import { text } from './formats.ts';

/**
 * Short enough for every name that is made of it: the longest is a role's, `<name>-access-<home>-<region>`, and a role's name has at most 64
 * characters (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
 */
export const instanceName = text(
  /^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$/u,
  'a name: lower-case letters, digits and -, at most 20, because names of resources are made of it',
);
/** Part of the same names. */
export const homeName = text(
  /^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$/u,
  'a name: lower-case letters, digits and -, at most 20, because names of resources are made of it',
);
/** https://docs.aws.amazon.com/vpc/latest/userguide/what-is-amazon-vpc.html */
export const vpcId = text(/^vpc-[0-9a-f]{8,17}$/u, 'the id of a VPC, such as vpc-0123456789abcdef0');
export const subnetId = text(
  /^subnet-[0-9a-f]{8,17}$/u,
  'the id of a subnet, such as subnet-0123456789abcdef0',
);
export const securityGroupId = text(
  /^sg-[0-9a-f]{8,17}$/u,
  'the id of a security group, such as sg-0123456789abcdef0',
);
/** https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html */
export const availabilityZone = text(
  /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}[a-z]$/u,
  'an availability zone such as eu-west-1a',
);
export const emailAddress = text(/^[^\s@]+@[^\s@]+$/u, 'an e-mail address');
/**
 * Characters of secrets' names (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html), and `*` at the
 * end. A lone `*` is refused, because a pattern for everything is no limit.
 */
export const secretPattern = text(
  /^[\w/+=.@-]{1,500}\*?$/u,
  'a secret’s name, or the beginning of names and a * at its end, such as prod/*',
);

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
export function tagText(length: number): z.ZodMiniString {
  return text(
    new RegExp(`^(?!aws:)[\\p{L}\\p{N} _.:/=+@-]{1,${length}}$`, 'u'),
    `a text of at most ${length} letters, digits, spaces and _.:/=+-@, that does not begin with aws:`,
  );
}

/** The ARN of a resource of a service (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). */
export function arnOf(service: string, type: string): z.ZodMiniString {
  const resource = type === '' ? '' : `${type}/`;
  return text(
    new RegExp(`^arn:aws(-[a-z]+)*:${service}:[a-z0-9-]+:\\d{12}:${resource}[\\w./-]{1,256}$`, 'u'),
    `an ARN such as arn:aws:${service}:eu-west-1:111122223333:${resource}example`,
  );
}
