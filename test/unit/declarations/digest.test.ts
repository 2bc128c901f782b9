import { expect, test } from '@jest/globals';
import { CONFIG, MANIFEST, declared, edit } from './sources.ts';

const ITEM = '    - secretKey: password\n      remoteRef: { key: prod/db }\n';
const OTHER = '    - secretKey: user\n      remoteRef: { key: prod/db, property: user }\n';

test.each([
  [
    'the order of fields',
    MANIFEST,
    edit(MANIFEST, ITEM, '    - remoteRef: { key: prod/db }\n      secretKey: password\n'),
  ],
  ['the order of data', edit(MANIFEST, ITEM, ITEM + OTHER), edit(MANIFEST, ITEM, OTHER + ITEM)],
  ['the place in the file', MANIFEST, `# moved\n\n---\n${MANIFEST}`],
  ['the clusters', MANIFEST, edit(MANIFEST, ': prod-eu', ': prod-eu, test-eu')],
  ['take-over', MANIFEST, edit(MANIFEST, ': prod-eu', ': prod-eu\n    keyrelay.dev/take-over: "true"')],
  ['refreshInterval', MANIFEST, edit(MANIFEST, '  data:', '  refreshInterval: 5m\n  data:')],
  [
    'the kind of the store',
    MANIFEST,
    edit(MANIFEST, '{ name: aws }', '{ name: aws, kind: ClusterSecretStore }'),
  ],
])('%s does not decide what is rendered, and leaves the digest', (_what, one, two) => {
  expect(declared(two).digest).toBe(declared(one).digest);
});

test.each([
  ['the secret key', edit(MANIFEST, 'secretKey: password', 'secretKey: passwd')],
  ['the source', edit(MANIFEST, 'key: prod/db', 'key: prod/db2')],
  ['the property', edit(MANIFEST, '{ key: prod/db }', '{ key: prod/db, property: a }')],
  ['the version', edit(MANIFEST, '{ key: prod/db }', '{ key: prod/db, version: AWSPREVIOUS }')],
  ['the target', edit(MANIFEST, '  data:', '  target: { name: db2 }\n  data:')],
  ['the creation policy', edit(MANIFEST, '  data:', '  target: { creationPolicy: Orphan }\n  data:')],
  ['the deletion policy', edit(MANIFEST, '  data:', '  target: { deletionPolicy: Delete }\n  data:')],
  ['the type', edit(MANIFEST, '  data:', '  target: { template: { type: Opaque } }\n  data:')],
  ['a label', edit(MANIFEST, '  annotations:', '  labels: { team: a }\n  annotations:')],
  ['a further source', edit(MANIFEST, '  data:', '  dataFrom: [{ extract: { key: a } }]\n  data:')],
])('%s decides what is rendered, and changes the digest', (_what, manifest) => {
  expect(declared(manifest).digest).not.toBe(declared().digest);
});

test('the place of the store changes the digest, another store does not', () => {
  const moved = edit(CONFIG, 'region: eu-west-1 }', 'region: eu-west-3 }');
  const more = `${CONFIG}  - name: zzz\n    provider: { aws: { service: SecretsManager, region: us-east-1 } }\n`;

  expect(declared(MANIFEST, moved).digest).not.toBe(declared().digest);
  expect(declared(MANIFEST, more).digest).toBe(declared().digest);
});
