import { expect, test } from '@jest/globals';
import { MANIFEST, declared, edit, problems } from './sources.ts';

/** What ESO's ExternalSecret has besides what is supported: where it stands, and how it is refused. */
const FIELDS: readonly (readonly [string, string, string])[] = [
  [
    'spec.target.manifest',
    '  target: { manifest: { apiVersion: v1, kind: ConfigMap } }',
    'it is not supported yet; only Secrets are written',
  ],
  [
    'spec.dataFrom[0].sourceRef.generatorRef',
    '  dataFrom: [{ extract: { key: a }, sourceRef: { storeRef: { name: aws }, generatorRef: {} } }]',
    'it is not supported yet; only stores are',
  ],
];

test.each(FIELDS)('%s is refused by its name', (path, line, instead) => {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const column = line.indexOf(name) + 1;

  expect(problems(edit(MANIFEST, '  data:', `${line}\n  data:`))).toEqual([
    `DECLARATION_UNSUPPORTED declarations/a.yaml:10:${column}: ${path}: found ${name}, expected no such field: ${instead}`,
  ]);
});

test.each(['creationTimestamp', 'generation', 'managedFields', 'resourceVersion', 'uid'])(
  'metadata.%s of an exported manifest is refused with the reason',
  (field) => {
    expect(problems(edit(MANIFEST, '  name: db', `  name: db\n  ${field}: x`))).toEqual([
      `DECLARATION_UNSUPPORTED declarations/a.yaml:5:3: metadata.${field}: found ${field}, expected no such field: the API server sets it, so it has no place in a file`,
    ]);
  },
);

test('what ESO assumes by default may be written out and changes nothing', () => {
  const explicit = edit(
    MANIFEST,
    MANIFEST.slice(MANIFEST.indexOf('spec:')),
    `spec:
  refreshInterval: 1h0m0s
  refreshPolicy: Periodic
  secretStoreRef: { name: aws, kind: SecretStore }
  target:
    name: db
    creationPolicy: Owner
    deletionPolicy: Retain
    immutable: false
    template: { engineVersion: v2, mergePolicy: Replace }
  data:
    - secretKey: password
      remoteRef:
        key: prod/db
        version: AWSCURRENT
        conversionStrategy: Default
        decodingStrategy: None
        metadataPolicy: None
        nullBytePolicy: Ignore
`,
  );

  expect(declared(explicit)).toEqual(declared());
});
