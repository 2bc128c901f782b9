import type { Vocabulary } from './check.ts';

const LATER = 'it is not supported yet';

/** The providers that ESO has besides AWS (https://external-secrets.io/latest/provider/aws-secrets-manager/). */
const OTHER_PROVIDERS = [
  'akeyless',
  'azurekv',
  'barbican',
  'beyondtrust',
  'beyondtrustworkloadcredentials',
  'bitwardensecretsmanager',
  'chef',
  'cloudrusm',
  'conjur',
  'crd',
  'delinea',
  'doppler',
  'dvls',
  'fake',
  'fortanix',
  'gcpsm',
  'github',
  'gitlab',
  'ibm',
  'infisical',
  'keepersecurity',
  'kubernetes',
  'nebiusmysterybox',
  'ngrok',
  'onboardbase',
  'onepassword',
  'onepasswordSDK',
  'openBao',
  'oracle',
  'ovh',
  'passbolt',
  'passworddepot',
  'previder',
  'pulumi',
  'scaleway',
  'secretserver',
  'senhasegura',
  'vault',
  'volcengine',
  'webhook',
  'yandexcertificatemanager',
  'yandexlockbox',
];
const STORE_FIELDS = ['conditions', 'controller', 'refreshInterval', 'retrySettings'];
const AWS_FIELDS = [
  'additionalRoles',
  'auth',
  'customSessionTags',
  'externalID',
  'role',
  'secretsManager',
  'sessionTags',
  'sessionTagsPolicy',
  'transitiveTagKeys',
];

/** Words of later versions and of ESO's stores, which keyrelay.yaml refuses by name. */
export const CONFIG_VOCABULARY: Vocabulary = {
  invalid: 'CONFIG_INVALID',
  unsupported: 'CONFIG_INVALID',
  unsupportedFields: new Map([
    ['clusters[].rollout', LATER],
    ...STORE_FIELDS.map((field) => [`stores[].${field}`, LATER] as const),
    ...OTHER_PROVIDERS.map((provider) => [`stores[].provider.${provider}`, `${LATER}; only aws is`] as const),
    ...AWS_FIELDS.map(
      (field) => [`stores[].provider.aws.${field}`, `${LATER}; the relay reads with its own role`] as const,
    ),
  ]),
  unsupportedWords: new Map([['stores[].provider.aws.service', ['CertificateManager']]]),
  quiet: ['clusters[].externalId'],
};
