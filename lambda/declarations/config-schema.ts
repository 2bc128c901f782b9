import * as z from 'zod/mini';
import type { Vocabulary } from './check.ts';
import { accountId, clusterName, externalId, labelValue, namespaceName, objectName, region, roleArn } from './formats.ts';

const described = <T extends z.ZodMiniType>(schema: T, description: string): T => {
  z.globalRegistry.add(schema, { description });
  return schema;
};

const Cluster = z.strictObject({
  name: described(z.clone(clusterName), 'Name of the EKS cluster in its account and region.'),
  region: described(z.clone(region), 'AWS region of the cluster.'),
  account: described(z.clone(accountId), 'AWS account of the cluster: 12 digits, in quotes.'),
  roleArn: described(z.optional(z.clone(roleArn)), 'Role that the relay assumes for this cluster; its own role where absent.'),
  externalId: described(z.optional(z.clone(externalId)), 'External id that the role’s trust policy asks for.'),
  namespaces: described(z.array(namespaceName).check(z.minLength(1)), 'Namespaces that the relay may write to, by exact name.'),
  labels: described(z._default(z.record(objectName, labelValue), {}), 'Labels, for keyrelay.dev/cluster-selector.'),
  declarations: described(z._default(z.literal('files'), 'files'), 'Where the declarations come from.'),
});

const Store = z.strictObject({
  name: described(z.clone(objectName), 'Name by which secretStoreRef calls the store.'),
  kind: described(z._default(z.enum(['ClusterSecretStore', 'SecretStore']), 'ClusterSecretStore'), 'As in External Secrets Operator.'),
  provider: described(
    z.strictObject({
      aws: described(
        z.strictObject({
          service: described(z.literal('SecretsManager'), 'The AWS service that holds the secrets.'),
          region: described(z.clone(region), 'Its region.'),
        }),
        'AWS.',
      ),
    }),
    'The store’s provider, in the shape of External Secrets Operator.',
  ),
});

const Settings = z.strictObject({
  garbageCollection: described(
    z._default(
      z.strictObject({
        maxShare: described(z._default(z.number().check(z.minimum(0), z.maximum(1)), 0.2), 'Largest share (0 to 1) of a cluster’s managed Secrets that one sweep may delete.'),
        minimum: described(z._default(z.int().check(z.minimum(0)), 1), 'So many deletions are allowed whatever the share is.'),
        graceSeconds: described(z._default(z.int().check(z.minimum(0)), 900), 'Seconds that an undeclared Secret is left alone after it was last written.'),
      }),
      { maxShare: 0.2, minimum: 1, graceSeconds: 900 },
    ),
    'Deleting Secrets that nobody declares any more.',
  ),
  clusterConcurrency: described(z._default(z.int().check(z.minimum(1), z.maximum(50)), 10), 'How many requests to one cluster run at once.'),
  schedule: described(z._default(z.string().check(z.regex(/^(rate|cron)\(.+\)$/u, 'rate(...) or cron(...)')), 'rate(1 hour)'), 'When everything is reconciled: an EventBridge schedule expression.'),
});

/** `config/keyrelay.yaml`. */
export const ConfigFile = z.strictObject({
  apiVersion: described(z.literal('keyrelay.dev/v1'), 'Version of this format.'),
  kind: described(z.literal('Config'), 'Always Config.'),
  clusters: described(z.array(Cluster).check(z.minLength(1)), 'The clusters that the relay writes to.'),
  stores: described(z.array(Store).check(z.minLength(1)), 'The places that secrets are read from.'),
  settings: described(
    z._default(Settings, { garbageCollection: { maxShare: 0.2, minimum: 1, graceSeconds: 900 }, clusterConcurrency: 10, schedule: 'rate(1 hour)' }),
    'Limits and schedule.',
  ),
});
export type ConfigFile = z.infer<typeof ConfigFile>;

/** Words of later versions and of ESO's stores, which are refused by name. */
export const CONFIG_VOCABULARY: Vocabulary = {
  invalid: 'CONFIG_INVALID',
  unsupported: new Set([
    'clusters[].declarations',
    'clusters[].rollout',
    'stores[].conditions',
    'stores[].controller',
    'stores[].refreshInterval',
    'stores[].retrySettings',
    'stores[].provider.aws.service',
    ...['role', 'auth', 'additionalRoles', 'externalID', 'sessionTags', 'sessionTagsPolicy', 'transitiveTagKeys', 'prefix', 'secretsManager'].map((field) => `stores[].provider.aws.${field}`),
    ...['vault', 'gcpsm', 'azurekv', 'kubernetes', 'webhook', 'fake', 'onepassword', 'doppler', 'gitlab', 'akeyless', 'ibm', 'oracle', 'alibaba'].map((provider) => `stores[].provider.${provider}`),
  ]),
  known: ['apiVersion', 'kind', 'clusters', 'stores', 'settings', 'name', 'region', 'account', 'roleArn', 'externalId', 'namespaces', 'labels', 'declarations', 'provider', 'aws', 'service', 'garbageCollection', 'maxShare', 'minimum', 'graceSeconds', 'clusterConcurrency', 'schedule'],
};
