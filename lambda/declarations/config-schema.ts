import * as z from 'zod/mini';
import { AWS_AUDIENCE } from '../model/identity.ts';
import { ROLLOUT_SETTINGS } from '../model/rollout.ts';
import { CLUSTER_FIELDS, RELAY_DEFAULT, Relay, STORE_FIELDS } from './deployment-schema.ts';
import { arnOf, secretPattern } from './deployment-formats.ts';
import { Aws } from './aws-schema.ts';
import { described } from './described.ts';
import { namespaceRegex } from './secret-store-schema.ts';
import { RECEIPTS, Receipts } from './receipts-schema.ts';
import { RolloutSettings, Rollouts } from './rollouts-schema.ts';
import {
  accountId,
  accountName,
  audience,
  clusterName,
  externalId,
  fields,
  foreignName,
  labelKey,
  labelValue,
  list,
  namespaceName,
  objectName,
  region,
  roleArn,
  schedule,
  service,
} from './formats.ts';

const Allowance = fields({
  namespaces: described(list(namespaceName).check(z.minLength(1)), 'Namespaces, from those of the cluster.'),
  secrets: described(
    list(secretPattern).check(z.minLength(1)),
    'Names of secrets, or beginnings of names with a * (`prod/shop/*`), that their declarations may name.',
  ),
  regions: described(
    z._default(list(region), []),
    'Regions that their stores may name; the cluster’s own where absent.',
  ),
  roles: described(
    z._default(list(roleArn), []),
    'Roles that their stores may have the relay assume. Where roles, serviceAccounts or credentials are named, only these read, and never the relay’s own role.',
  ),
  serviceAccounts: described(
    z._default(list(accountName), []),
    'Service accounts whose role their stores may read as: a name in each of these namespaces, or NAMESPACE/NAME for ClusterSecretStores. The relay may ask for tokens of these and of no others.',
  ),
  audiences: described(
    z._default(list(audience).check(z.minLength(1)), [AWS_AUDIENCE]),
    'What these tokens may be for; sts.amazonaws.com where absent.',
  ),
  credentials: described(
    z._default(list(foreignName), []),
    'Secrets of other namespaces, as NAMESPACE/NAME, whose keys their ClusterSecretStores may read with; those of their own namespace need no mention.',
  ),
  services: described(
    z._default(list(service).check(z.minLength(1)), ['SecretsManager']),
    'Services that their stores may name; Secrets Manager alone where absent.',
  ),
  kmsKeys: described(
    z._default(list(arnOf('kms', 'key')), []),
    'ARNs of the customer managed keys that encrypt these secrets, where the relay itself reads them.',
  ),
});

const Cluster = fields({
  name: described(
    clusterName,
    'Name of the EKS cluster. It is also what declarations call the cluster, so it occurs once here.',
  ),
  region: described(region, 'AWS region of the cluster.'),
  account: described(accountId, 'AWS account of the cluster: 12 digits, in quotes.'),
  roleArn: described(
    z.optional(roleArn),
    'A role of yours in the cluster’s account that the relay assumes for this cluster. Where absent: its own role, or one that the deployment makes where the cluster is in another account.',
  ),
  externalId: described(z.optional(externalId), 'External id that the trust policy of roleArn asks for.'),
  namespaces: described(
    list(namespaceName).check(z.minLength(1)),
    'Namespaces that the relay may write to, by exact name: its access is limited to them.',
  ),
  labels: described(
    z._default(z.record(labelKey, labelValue, 'a mapping'), {}),
    'Labels of your choice, for keyrelay.dev/cluster-selector.',
  ),
  declarations: described(
    z._default(z.enum(['files', 'cluster', 'both']), 'files'),
    'Where the declarations for this cluster come from: these files, the ExternalSecret objects in the cluster, or both.',
  ),
  allow: described(
    z._default(list(Allowance), []),
    'What the objects in the cluster may have read, by namespace; nothing where absent.',
  ),
  rollouts: described(
    z.optional(Rollouts),
    'What is restarted in the cluster when a Secret changes, and when.',
  ),
  ...CLUSTER_FIELDS,
});

const Condition = fields({
  namespaces: described(z._default(list(namespaceName), []), 'Namespaces by name.'),
  namespaceRegexes: described(
    z._default(list(namespaceRegex), []),
    'Regular expressions in the syntax of RE2, of which one matches anywhere in the namespace’s name.',
  ),
});

const Store = fields({
  name: described(objectName, 'Name by which secretStoreRef of an ExternalSecret calls the store.'),
  kind: described(
    z._default(z.enum(['ClusterSecretStore', 'SecretStore']), 'ClusterSecretStore'),
    'As in External Secrets Operator. A declaration finds the store by its name, whatever the kind.',
  ),
  conditions: described(
    z._default(list(Condition), []),
    'Namespaces whose declarations may name the store; all where absent.',
  ),
  provider: described(
    fields({ aws: described(Aws, 'AWS, as in External Secrets Operator.') }),
    'Where the secrets are, in the shape of External Secrets Operator.',
  ),
  ...STORE_FIELDS,
});

const GARBAGE_COLLECTION = { maxShare: 0.2, minimum: 1, graceSeconds: 900 };
const share = z.number('a number from 0 to 1').check(z.minimum(0), z.maximum(1));
const count = z.int('a whole number').check(z.minimum(0));

const GarbageCollection = fields({
  maxShare: described(
    z._default(share, GARBAGE_COLLECTION.maxShare),
    'The largest share (0 to 1) of a cluster’s managed Secrets that one sweep may delete.',
  ),
  minimum: described(
    z._default(count, GARBAGE_COLLECTION.minimum),
    'So many deletions are allowed whatever the share is.',
  ),
  graceSeconds: described(
    z._default(count, GARBAGE_COLLECTION.graceSeconds),
    'Seconds that an undeclared Secret is left alone after the relay last wrote it.',
  ),
});

const SETTINGS = {
  garbageCollection: GARBAGE_COLLECTION,
  clusterConcurrency: 10,
  schedule: 'rate(1 hour)',
  rollouts: ROLLOUT_SETTINGS,
  receipts: RECEIPTS,
};

const Settings = fields({
  garbageCollection: described(
    z._default(GarbageCollection, SETTINGS.garbageCollection),
    'Deletion of Secrets that nobody declares any more.',
  ),
  clusterConcurrency: described(
    z._default(z.int('a whole number').check(z.minimum(1), z.maximum(50)), SETTINGS.clusterConcurrency),
    'How many requests to one cluster run at once.',
  ),
  schedule: described(
    z._default(schedule, SETTINGS.schedule),
    'When everything is reconciled: an EventBridge expression, rate(…) or cron(…) in UTC.',
  ),
  rollouts: described(
    z._default(RolloutSettings, ROLLOUT_SETTINGS),
    'How many workloads restart at once, and for how long.',
  ),
  receipts: described(
    z._default(Receipts, RECEIPTS),
    'EventBridge events that tell what became of each change in each Secret.',
  ),
});

/** `config/keyrelay.yaml`. */
export const ConfigFile = described(
  fields({
    apiVersion: described(z.literal('keyrelay.dev/v1'), 'Version of this format.'),
    kind: described(z.literal('Config'), 'Always Config.'),
    relay: described(z._default(Relay, RELAY_DEFAULT), 'Where the relay runs, and what is deployed with it.'),
    clusters: described(list(Cluster).check(z.minLength(1)), 'The clusters that the relay writes to.'),
    stores: described(
      z._default(list(Store), []),
      'The places that secrets are read from; those in clusters may do where `declarations` of every cluster is `cluster`.',
    ),
    settings: described(z._default(Settings, SETTINGS), 'Limits and schedule.'),
  }),
  'Configuration of Keyrelay: relay, clusters, stores and settings.',
);
export type ConfigFile = z.infer<typeof ConfigFile>;
