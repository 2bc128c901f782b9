import * as z from 'zod/mini';
import { tagText } from './deployment-formats.ts';
import { described } from './described.ts';
import {
  audience,
  dataKey,
  externalId,
  fields,
  keyPrefix,
  list,
  namespaceName,
  objectName,
  region,
  roleArn,
  service,
} from './formats.ts';

const NAMESPACE =
  'Where it lies: another namespace than the ExternalSecret’s in a ClusterSecretStore only; the ExternalSecret’s where absent.';

const SecretKey = fields({
  name: described(objectName, 'Name of the Secret.'),
  namespace: described(z.optional(namespaceName), NAMESPACE),
  key: described(dataKey, 'Key of the Secret.'),
});

const SecretRef = fields({
  accessKeyIDSecretRef: described(SecretKey, 'The access key’s id.'),
  secretAccessKeySecretRef: described(SecretKey, 'The secret access key.'),
  sessionTokenSecretRef: described(
    z.optional(SecretKey),
    'The session token, where the credentials are temporary.',
  ),
});

const ServiceAccountRef = fields({
  name: described(objectName, 'Name of the service account.'),
  namespace: described(z.optional(namespaceName), NAMESPACE),
  audiences: described(
    z._default(list(audience), []),
    'Audiences of its token, besides the one of its annotation eks.amazonaws.com/audience or sts.amazonaws.com.',
  ),
});

const Auth = fields({
  jwt: described(
    z.optional(
      fields({
        serviceAccountRef: described(
          ServiceAccountRef,
          'A service account of the cluster that is written to, with the annotation eks.amazonaws.com/role-arn.',
        ),
      }),
    ),
    'The role of a service account begins, assumed with a token of it (IRSA).',
  ),
  secretRef: described(z.optional(SecretRef), 'Keys that lie in Secrets of the cluster begin.'),
});

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html */
const tagKey = tagText(128);
const tagValue = z
  .string('a text, in quotes')
  .check(z.maxLength(256), z.regex(/^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u, 'letters, digits, spaces and _.:/=+-@'));

const SessionTag = fields({
  key: described(tagKey, 'Key of the tag.'),
  value: described(tagValue, 'Value of the tag.'),
});

/** ESO's `spec.provider.aws` (https://external-secrets.io/latest/provider/aws-access/), in files and in clusters. */
export const Aws = fields({
  service: described(
    service,
    'The AWS service that holds the secrets: Secrets Manager, or Parameter Store of Systems Manager.',
  ),
  region: described(region, 'AWS region that the secrets are read from.'),
  prefix: described(
    z._default(keyPrefix, ''),
    'Put before every remoteRef.key that is a name, as in External Secrets Operator. Patterns and finds have whole names.',
  ),
  auth: described(z._default(Auth, {}), 'Whose credentials begin; the relay’s own where absent.'),
  role: described(z.optional(roleArn), 'The role that reads, assumed last.'),
  additionalRoles: described(
    z._default(list(roleArn), []),
    'Roles that are assumed before role, one with the credentials of the other, in this order.',
  ),
  externalID: described(z.optional(externalId), 'External id that the trust policy of role asks for.'),
  sessionTags: described(
    z._default(list(SessionTag).check(z.maxLength(50)), []),
    'Session tags that are told when role is assumed, with sessionTagsPolicy None.',
  ),
  sessionTagsPolicy: described(
    z._default(z.enum(['None', 'Simple', 'Custom']), 'None'),
    '`Simple` tells the session tags esoNamespace, esoStoreName and esoStoreKind; `Custom` those of customSessionTags too.',
  ),
  customSessionTags: described(
    z._default(z.record(tagKey, tagValue, 'a mapping'), {}),
    'Further session tags with sessionTagsPolicy Custom.',
  ),
  transitiveTagKeys: described(
    z._default(list(tagKey), []),
    'Keys of session tags that stay with roles that are assumed with role’s credentials.',
  ),
  secretsManager: described(
    z.optional(
      fields({
        forceDeleteWithoutRecovery: described(z.optional(z.boolean('true or false')), 'Without effect.'),
        recoveryWindowInDays: described(z.optional(z.int('a whole number')), 'Without effect.'),
      }),
    ),
    'How a PushSecret deletes. Without effect: the relay never deletes at the source.',
  ),
});
export type Aws = z.infer<typeof Aws>;
