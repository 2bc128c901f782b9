import type { Vocabulary } from './check.ts';

const LATER = 'it is not supported yet';
const SERVER = 'the API server sets it, so it has no place in a file';

/** What ESO's ExternalSecret has and the relay refuses by name, with what to do instead (https://external-secrets.io/latest/api/spec/). */
export const EXTERNAL_SECRET_VOCABULARY: Vocabulary = {
  invalid: 'DECLARATION_INVALID',
  unsupported: 'DECLARATION_UNSUPPORTED',
  unsupportedFields: new Map([
    ['status', SERVER],
    ...[
      'creationTimestamp',
      'deletionGracePeriodSeconds',
      'deletionTimestamp',
      'generation',
      'managedFields',
      'resourceVersion',
      'selfLink',
      'uid',
    ].map((field) => [`metadata.${field}`, SERVER] as const),
    ['metadata.generateName', 'metadata.name names it'],
    ['metadata.finalizers', LATER],
    ['metadata.ownerReferences', LATER],
    ['spec.target.manifest', `${LATER}; only Secrets are written`],
    ['spec.data[].sourceRef.generatorRef', `${LATER}; only stores are`],
    ['spec.dataFrom[].sourceRef.generatorRef', `${LATER}; only stores are`],
  ]),
  unsupportedWords: new Map(),
  quiet: ['metadata.annotations', 'metadata.labels', 'spec.target.template'],
};
