import type { Vocabulary } from './check.ts';

const LATER = 'it is not supported yet';
const SERVER = 'the API server sets it, so it has no place in a file';
const REMOTE_REFS = ['spec.data[].remoteRef', 'spec.dataFrom[].extract'];

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
    ['spec.syncWindows', `${LATER}; a change is written when it happens`],
    ['spec.target.manifest', `${LATER}; only Secrets are written`],
    ['spec.target.template.data', `${LATER}; name each key in spec.data`],
    ['spec.target.template.templateFrom', `${LATER}; name each key in spec.data`],
    ['spec.target.template.metadata.finalizers', LATER],
    ['spec.data[].sourceRef.generatorRef', `${LATER}; only stores are`],
    ['spec.dataFrom[].find', `${LATER}; name each secret with extract`],
    ['spec.dataFrom[].rewrite', `${LATER}; name each key in spec.data`],
    ['spec.dataFrom[].sourceRef.generatorRef', `${LATER}; only stores are`],
  ]),
  unsupportedWords: new Map<string, readonly string[]>([
    ['spec.refreshPolicy', ['CreatedOnce', 'OnChange']],
    ['spec.target.immutable', ['true']],
    ['spec.target.template.mergePolicy', ['Merge']],
    ...REMOTE_REFS.flatMap(
      (path) =>
        [
          [`${path}.conversionStrategy`, ['Unicode']],
          [`${path}.decodingStrategy`, ['Auto', 'Base64', 'Base64URL']],
          [`${path}.metadataPolicy`, ['Fetch']],
          [`${path}.nullBytePolicy`, ['Fail']],
        ] as const,
    ),
  ]),
  quiet: ['metadata.annotations', 'metadata.labels', 'spec.target.template'],
};
