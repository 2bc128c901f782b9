import { describe, expect, test } from '@jest/globals';
import { CONFIG, MANIFEST, compiled, edit, problems } from './sources.ts';

const file = 'declarations/a.yaml';
const INVALID = `DECLARATION_INVALID ${file}`;

test.each([
  [
    'an unknown field',
    '  data:',
    '  dada: []\n  data:',
    `${INVALID}:10:3: spec.dada: found the unknown field "dada", expected one of refreshInterval, refreshPolicy, syncWindows, secretStoreRef, target, data, dataFrom; did you mean data?`,
  ],
  [
    'a field of another level',
    'kind: ExternalSecret',
    'kind: ExternalSecret\nsecretKey: x',
    `${INVALID}:3:1: secretKey: found the unknown field "secretKey", expected one of apiVersion, kind, metadata, spec`,
  ],
  [
    'an unknown field of metadata',
    '  name: db',
    '  name: db\n  lables: {}',
    `${INVALID}:5:3: metadata.lables: found the unknown field "lables", expected one of name, namespace, labels, annotations; did you mean labels?`,
  ],
  [
    'an unknown field deep down',
    '{ key: prod/db }',
    '{ key: prod/db, propery: a }',
    `${INVALID}:12:34: spec.data[0].remoteRef.propery: found the unknown field "propery", expected one of key, property, version, conversionStrategy, decodingStrategy, metadataPolicy, nullBytePolicy; did you mean property?`,
  ],
  [
    'no name',
    '  name: db\n',
    '',
    `${INVALID}:3:1: metadata.name: found nothing, expected a Kubernetes name: lower-case letters, digits, - and ., at most 253`,
  ],
  [
    'a name that Kubernetes refuses',
    'name: db',
    'name: My_DB',
    `${INVALID}:4:9: metadata.name: found "My_DB", expected a Kubernetes name: lower-case letters, digits, - and ., at most 253`,
  ],
  [
    'no namespace',
    '  namespace: shop\n',
    '',
    `${INVALID}:3:1: metadata.namespace: found nothing, expected a namespace name: lower-case letters, digits and -, at most 63, no wildcard`,
  ],
  [
    'a wildcard',
    'namespace: shop',
    "namespace: '*'",
    `${INVALID}:5:14: metadata.namespace: found "*", expected a namespace name: lower-case letters, digits and -, at most 63, no wildcard`,
  ],
  [
    'a namespace that the cluster has not',
    'namespace: shop',
    'namespace: kube-system',
    `${INVALID}:5:14: metadata.namespace: found "kube-system", expected a namespace that keyrelay.yaml lists for cluster prod-eu (shop, web)`,
  ],
  [
    'an unknown cluster',
    ': prod-eu',
    ': prod-eu, test-us',
    `${INVALID}:7:28: metadata.annotations["keyrelay.dev/clusters"]: found the cluster "test-us", expected clusters of keyrelay.yaml (prod-eu, test-eu); did you mean test-eu?`,
  ],
  [
    'no clusters',
    '    keyrelay.dev/clusters: prod-eu',
    '    team: shop',
    `${INVALID}:6:3: metadata.annotations: found no annotation that says for which clusters this is, expected either keyrelay.dev/clusters (names) or keyrelay.dev/cluster-selector (labels)`,
  ],
  [
    'both annotations',
    ': prod-eu',
    ': prod-eu\n    keyrelay.dev/cluster-selector: env=prod',
    `${INVALID}:6:3: metadata.annotations: found both annotations that say for which clusters this is, expected either keyrelay.dev/clusters (names) or keyrelay.dev/cluster-selector (labels)`,
  ],
  [
    'a selector that matches nothing',
    'clusters: prod-eu',
    'cluster-selector: env=dev',
    `${INVALID}:7:36: metadata.annotations["keyrelay.dev/cluster-selector"]: found "env=dev", expected a selector that matches at least one cluster of keyrelay.yaml for which files declare`,
  ],
  [
    'a selector that is none',
    'clusters: prod-eu',
    'cluster-selector: env > 1',
    `${INVALID}:7:36: metadata.annotations["keyrelay.dev/cluster-selector"]: found "env > 1", expected a label selector such as env=prod,tier!=dev or env in (prod, test)`,
  ],
  [
    'an unknown annotation of the relay',
    ': prod-eu',
    ': prod-eu\n    keyrelay.dev/takeover: "true"',
    `${INVALID}:8:28: metadata.annotations["keyrelay.dev/takeover"]: found an unknown annotation, expected keyrelay.dev/take-over`,
  ],
  [
    'take-over that is no boolean',
    ': prod-eu',
    ': prod-eu\n    keyrelay.dev/take-over: "yes"',
    `${INVALID}:8:29: metadata.annotations["keyrelay.dev/take-over"]: found "yes", expected "true" or "false"`,
  ],
  [
    'an annotation that is no text',
    ': prod-eu',
    ': prod-eu\n    team: 5',
    `${INVALID}:8:11: metadata.annotations.team: found a number, expected a text, in quotes`,
  ],
  [
    'an unknown store',
    'name: aws',
    'name: awz',
    `${INVALID}:9:27: spec.secretStoreRef.name: found "awz", expected a store of keyrelay.yaml (aws); did you mean aws?`,
  ],
  [
    'no store',
    '  secretStoreRef: { name: aws }\n',
    '',
    `${INVALID}:10:7: spec.data[0]: found no store, expected spec.secretStoreRef for all items, or sourceRef.storeRef for this one`,
  ],
  [
    'an unknown store of one item',
    '{ key: prod/db }',
    '{ key: prod/db }\n      sourceRef: { storeRef: { name: vault } }',
    `${INVALID}:13:38: spec.data[0].sourceRef.storeRef.name: found "vault", expected a store of keyrelay.yaml (aws)`,
  ],
  [
    'neither data nor dataFrom',
    '  data:\n    - secretKey: password\n      remoteRef: { key: prod/db }\n',
    '  data: []\n',
    `${INVALID}:8:1: spec: found neither data nor dataFrom, expected at least one item in one of them`,
  ],
  [
    'an empty spec',
    MANIFEST.slice(MANIFEST.indexOf('spec:')),
    'spec:\n',
    `${INVALID}:8:1: spec: found an empty value, expected a mapping`,
  ],
  [
    'a mapping for a list',
    '    - secretKey: password\n      remoteRef',
    '      secretKey: password\n      remoteRef',
    `${INVALID}:10:3: spec.data: found a mapping, expected a list`,
  ],
  [
    'a key that no Secret can hold',
    'secretKey: password',
    'secretKey: pass word',
    `${INVALID}:11:18: spec.data[0].secretKey: found "pass word", expected a Secret key: letters, digits, -, _ and ., at most 253`,
  ],
  [
    'the same key twice',
    '    - secretKey: password',
    '    - { secretKey: password, remoteRef: { key: a } }\n    - secretKey: password',
    `${INVALID}:12:18: spec.data[1].secretKey: found "password", expected another key than spec.data[0] has`,
  ],
  [
    'an empty remote key',
    'key: prod/db',
    "key: ''",
    `${INVALID}:12:25: spec.data[0].remoteRef.key: found an empty text, expected the name or ARN of a secret`,
  ],
  [
    'an ARN of something else',
    'key: prod/db',
    'key: arn:aws:sqs:eu-west-1:111122223333:parameter/a',
    `${INVALID}:12:25: spec.data[0].remoteRef.key: found "arn:aws:sqs:eu-west-1:111122223333:parameter/a", expected the name or ARN of a secret`,
  ],
  [
    'an ARN of another region than the store’s',
    'key: prod/db',
    'key: arn:aws:secretsmanager:us-east-1:111122223333:secret:a',
    `${INVALID}:12:25: spec.data[0].remoteRef.key: found a secret of us-east-1, expected one of eu-west-1, where store aws reads`,
  ],
  [
    'a version id that is too short',
    '{ key: prod/db }',
    '{ key: prod/db, version: uuid/7 }',
    `${INVALID}:12:43: spec.data[0].remoteRef.version: found "uuid/7", expected a version stage such as AWSCURRENT, or uuid/ and the id of a version`,
  ],
  [
    'a duration that is none',
    '  data:',
    '  refreshInterval: hourly\n  data:',
    `${INVALID}:10:20: spec.refreshInterval: found "hourly", expected a duration such as 1h or 15m, in quotes`,
  ],
  [
    'a policy that does not exist',
    '  data:',
    '  target: { creationPolicy: owner }\n  data:',
    `${INVALID}:10:29: spec.target.creationPolicy: found "owner", expected one of "Owner", "Orphan", "Merge", "CreateOrMerge", "None"`,
  ],
  [
    'to delete what others own',
    '  data:',
    '  target: { creationPolicy: Merge, deletionPolicy: Delete }\n  data:',
    `${INVALID}:10:52: spec.target.deletionPolicy: found Delete with creationPolicy Merge, expected creationPolicy Owner with it, or deletionPolicy Retain or Merge`,
  ],
  [
    'to empty what is never written',
    '  data:',
    '  target: { creationPolicy: None, deletionPolicy: Merge }\n  data:',
    `${INVALID}:10:51: spec.target.deletionPolicy: found Merge with creationPolicy None, expected deletionPolicy Retain, because nothing is written`,
  ],
  [
    'a label that the relay sets',
    '  data:',
    '  target: { template: { metadata: { labels: { app.kubernetes.io/managed-by: me } } } }\n  data:',
    `${INVALID}:10:77: spec.target.template.metadata.labels["app.kubernetes.io/managed-by"]: found a label that the relay sets, expected other labels only`,
  ],
  [
    'an annotation that the relay sets',
    '  data:',
    '  target: { template: { metadata: { annotations: { keyrelay.dev/versions: "{}" } } } }\n  data:',
    `${INVALID}:10:75: spec.target.template.metadata.annotations["keyrelay.dev/versions"]: found an annotation that the relay sets, expected other annotations only`,
  ],
  [
    'a label value that Kubernetes refuses',
    '  data:',
    '  target: { template: { metadata: { labels: { team: "a b" } } } }\n  data:',
    `${INVALID}:10:53: spec.target.template.metadata.labels.team: found a text, expected a label value: letters, digits, -, _ and ., at most 63`,
  ],
  [
    'a label key that Kubernetes refuses',
    '  data:',
    '  target: { template: { metadata: { labels: { "a b": a } } } }\n  data:',
    `${INVALID}:10:47: spec.target.template.metadata.labels["a b"]: found such a key, expected a key such as team or example.com/team`,
  ],
  [
    'too many annotations',
    '  data:',
    `  target: { template: { metadata: { annotations: { a: ${'x'.repeat(140_000)} } } } }\n  data:`,
    `${INVALID}:10:37: spec.target.template.metadata.annotations: found 140008 characters of annotations, expected at most 131072`,
  ],
])('%s is told with its place', (_what, from, to, message) => {
  expect(problems(edit(MANIFEST, from, to))).toEqual([message]);
});

test.each([
  ['kind: SecretStore', 'found "SecretStore", expected ExternalSecret: stores go into keyrelay.yaml'],
  [
    'kind: ClusterSecretStore',
    'found "ClusterSecretStore", expected ExternalSecret: stores go into keyrelay.yaml',
  ],
  [
    'kind: PushSecret',
    'found "PushSecret", expected ExternalSecret: writing to the store is not supported yet',
  ],
  ['kind: List', 'found "List", expected ExternalSecret: separate the items of the list with ---'],
  ['kind: Config', 'found "Config", expected ExternalSecret: there is one Config, in keyrelay.yaml'],
  ['kind: Secret', 'found "Secret", expected ExternalSecret: no other kind is supported yet'],
])('%s is refused by its name, and nothing else is said of it', (kind, message) => {
  expect(problems(edit(MANIFEST, 'kind: ExternalSecret', `${kind}\ndata: {}`))).toEqual([
    `DECLARATION_UNSUPPORTED ${file}:2:7: kind: ${message}`,
  ]);
});

test('the version that was removed upstream is told apart from a mistake', () => {
  expect(problems(edit(MANIFEST, 'external-secrets.io/v1', 'external-secrets.io/v1beta1'))).toEqual([
    `DECLARATION_UNSUPPORTED ${file}:1:13: apiVersion: found "external-secrets.io/v1beta1", expected "external-secrets.io/v1": this version was removed upstream; change apiVersion, the fields that are supported here are the same`,
  ]);
  expect(problems(edit(MANIFEST, 'external-secrets.io/v1', 'v1'))).toEqual([
    `${INVALID}:1:13: apiVersion: found "v1", expected "external-secrets.io/v1"`,
  ]);
});

test('a manifest is checked although keyrelay.yaml is broken', () => {
  expect(
    problems(
      edit(MANIFEST, 'secretKey: password', 'secretKey: a b'),
      edit(CONFIG, 'kind: Config', 'kind: Cfg'),
    ),
  ).toEqual([
    `${INVALID}:11:18: spec.data[0].secretKey: found "a b", expected a Secret key: letters, digits, -, _ and ., at most 253`,
    'CONFIG_INVALID keyrelay.yaml:2:7: kind: found "Cfg", expected "Config"',
  ]);
});

test.each([
  ['template data', '  target: { template: { data: { a: "hunter2 {{" } } }'],
  ['a template label', '  target: { template: { metadata: { labels: { a: "hunter2 " } } } }'],
  ['a template type', '  target: { template: { type: "{{ hunter2 }}" } }'],
  ['a template annotation', '  target: { template: { metadata: { annotations: { a: [hunter2] } } } }'],
  ['a mapping that is a text', '  target: hunter2'],
  ['YAML that is broken', '  target: "hunter2'],
  ['an unknown tag', '  target: !hunter2 a'],
])('%s is never quoted', (_what, line) => {
  const messages = problems(edit(MANIFEST, '  data:', `${line}\n  data:`));

  expect(messages).not.toEqual([]);
  expect(messages.join('\n')).not.toContain('hunter2');
});

describe('of a cluster whose own objects declare', () => {
  const own = edit(
    CONFIG,
    '    labels: { env: prod }\n',
    '    labels: { env: prod }\n    declarations: cluster\n',
  );

  test('the name is refused, with what to do', () => {
    expect(problems(MANIFEST, own)).toEqual([
      `${INVALID}:7:28: metadata.annotations["keyrelay.dev/clusters"]: found the cluster "prod-eu", whose own objects declare, expected declarations: both for it in keyrelay.yaml, or other clusters`,
    ]);
  });

  test('a selector takes no notice', () => {
    const selecting = (selector: string): string =>
      edit(MANIFEST, 'keyrelay.dev/clusters: prod-eu', `keyrelay.dev/cluster-selector: '${selector}'`);

    expect(compiled(selecting('env in (prod, test)'), own).declarations[0]?.clusters).toEqual(['test-eu']);
    expect(problems(selecting('env=prod'), own).join()).toContain('for which files declare');
  });
});
