import { expect, test } from '@jest/globals';
import { MANIFEST, declared, edit, problems } from './sources.ts';

/** What ESO's ExternalSecret has besides what is supported: where it stands, and how it is refused. */
const FIELDS: readonly (readonly [string, string, string])[] = [
  [
    'spec.syncWindows',
    '  syncWindows: { kind: allow, windows: [] }',
    'it is not supported yet; a change is written when it happens',
  ],
  [
    'spec.target.manifest',
    '  target: { manifest: { apiVersion: v1, kind: ConfigMap } }',
    'it is not supported yet; only Secrets are written',
  ],
  [
    'spec.target.template.data',
    '  target: { template: { data: { a: b } } }',
    'it is not supported yet; name each key in spec.data',
  ],
  [
    'spec.target.template.templateFrom',
    '  target: { template: { templateFrom: [] } }',
    'it is not supported yet; name each key in spec.data',
  ],
  [
    'spec.target.template.metadata.finalizers',
    '  target: { template: { metadata: { finalizers: [] } } }',
    'it is not supported yet',
  ],
  [
    'spec.dataFrom[0].find',
    '  dataFrom: [{ extract: { key: a }, find: { path: a } }]',
    'it is not supported yet; name each secret with extract',
  ],
  [
    'spec.dataFrom[0].rewrite',
    '  dataFrom: [{ extract: { key: a }, rewrite: [] }]',
    'it is not supported yet; name each key in spec.data',
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

const TARGET = '  target: ';
const ITEM = '      remoteRef: { key: a, ';

test.each([
  ['refreshPolicy', '  refreshPolicy: OnChange', '"OnChange"', '"Periodic"'],
  ['refreshPolicy', '  refreshPolicy: CreatedOnce', '"CreatedOnce"', '"Periodic"'],
  ['target.immutable', `${TARGET}{ immutable: true }`, 'the boolean true', 'false'],
  ['target.template.mergePolicy', `${TARGET}{ template: { mergePolicy: Merge } }`, 'a text', '"Replace"'],
  ['data[0].remoteRef.conversionStrategy', `${ITEM}conversionStrategy: Unicode }`, '"Unicode"', '"Default"'],
  ['data[0].remoteRef.decodingStrategy', `${ITEM}decodingStrategy: Auto }`, '"Auto"', '"None"'],
  ['data[0].remoteRef.decodingStrategy', `${ITEM}decodingStrategy: Base64 }`, '"Base64"', '"None"'],
  ['data[0].remoteRef.metadataPolicy', `${ITEM}metadataPolicy: Fetch }`, '"Fetch"', '"None"'],
  ['data[0].remoteRef.nullBytePolicy', `${ITEM}nullBytePolicy: Fail }`, '"Fail"', '"Ignore"'],
])('%s is refused at what is not supported yet', (path, line, found, expected) => {
  const messages = problems(
    line.startsWith(ITEM)
      ? edit(MANIFEST, '      remoteRef: { key: prod/db }', line)
      : edit(MANIFEST, '  data:', `${line}\n  data:`),
  );

  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatch(/^DECLARATION_UNSUPPORTED /u);
  expect(messages[0]).toContain(
    `: spec.${path}: found ${found}, expected ${expected}: nothing else is supported yet`,
  );
});

test.each([
  ['a label', '  target: { template: { metadata: { labels: { a: "{{ .x }}" } } } }'],
  ['an annotation', '  target: { template: { metadata: { annotations: { a: "line\\n{{ .x }}" } } } }'],
  ['the type', '  target: { template: { type: "{{ .x }}" } }'],
])('a template expression in %s is refused, because nothing would expand it', (_what, line) => {
  const [message, ...others] = problems(edit(MANIFEST, '  data:', `${line}\n  data:`));

  expect(others).toEqual([]);
  expect(message).toMatch(
    /^DECLARATION_UNSUPPORTED .* found a text, expected a text without \{\{ \}\}: templates are not supported yet$/u,
  );
});

test.each(['0', '0s', '0h0m0s'])('refreshInterval %s, which means once in ESO, is refused', (interval) => {
  expect(problems(edit(MANIFEST, '  data:', `  refreshInterval: "${interval}"\n  data:`))).toEqual([
    `DECLARATION_UNSUPPORTED declarations/a.yaml:10:20: spec.refreshInterval: found "${interval}", expected a duration above zero: to fetch only once is not supported yet`,
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
