import type { Vocabulary } from './check.ts';
import { OTHER_SERVICES, providersRefused } from './provider-vocabulary.ts';

/** Words of later versions and of ESO's stores, which keyrelay.yaml refuses by name. */
export const CONFIG_VOCABULARY: Vocabulary = {
  invalid: 'CONFIG_INVALID',
  unsupported: 'CONFIG_INVALID',
  unsupportedFields: new Map([
    [
      'stores[].conditions[].namespaceSelector',
      'labels of namespaces are not known when files are compiled; name the namespaces',
    ],
    ['stores[].controller', 'the relay serves every store of this file'],
    ['stores[].refreshInterval', 'settings.schedule says when everything is reconciled'],
    ['stores[].retrySettings', 'the relay has its own'],
    ...providersRefused('stores[].provider'),
  ]),
  unsupportedWords: new Map([['stores[].provider.aws.service', OTHER_SERVICES]]),
  quiet: ['clusters[].externalId', 'stores[].provider.aws.externalID'],
};
