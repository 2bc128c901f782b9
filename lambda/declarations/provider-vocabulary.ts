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

/** Services of AWS that ESO knows and the relay does not: one that ESO only writes to. */
export const OTHER_SERVICES: readonly string[] = ['CertificateManager'];

/** The other providers by path, for a vocabulary. */
export function providersRefused(path: string): readonly (readonly [string, string])[] {
  return OTHER_PROVIDERS.map((provider) => [`${path}.${provider}`, 'it is not supported yet; only aws is']);
}
