import * as z from 'zod/mini';

/** A text that matches, or the message that says what was expected. */
export function text(pattern: RegExp, expected: string): z.ZodMiniString {
  return z.string().check(z.regex(pattern, expected));
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
export const objectName = text(/^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/u, 'a Kubernetes name: lower-case letters, digits, - and ., at most 253');
/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names */
export const namespaceName = text(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/u, 'a namespace name: lower-case letters, digits and -, at most 63, no wildcard');
/** https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data */
export const dataKey = text(/^(?!\.$|\.\.)[-._a-zA-Z0-9]{1,253}$/u, 'a Secret key: letters, digits, -, _ and ., at most 253');
/** https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html */
export const accountId = text(/^\d{12}$/u, 'an account id: 12 digits, in quotes');
export const region = text(/^[a-z]{2}(-[a-z]+)+-\d$/u, 'an AWS region such as eu-west-1');
/** https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html */
export const clusterName = text(/^[0-9A-Za-z][-_0-9A-Za-z]{0,99}$/u, 'an EKS cluster name: letters, digits, - and _, at most 100');
export const roleArn = text(/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,128}$/u, 'the ARN of an IAM role');
/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const externalId = text(/^[\w+=,.@:/-]{2,1224}$/u, 'an external id: 2 to 1224 characters of letters, digits and +=,.@:/-');
/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
export const labelValue = text(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/u, 'a label value: letters, digits, -, _ and ., at most 63');
/** Go's duration, as ESO takes it. */
export const duration = text(/^(0|(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+)$/u, 'a duration such as 1h or 15m');
/** Text without a template expression: the template engine is not there yet. */
export const plain = text(/^(?!.*\{\{)/su, 'a text without {{ }}: templates are not supported yet');
