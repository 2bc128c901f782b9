import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { compileConfig } from '../../../lambda/declarations/compile.ts';
import { formatProblem } from '../../../lambda/declarations/problems.ts';
import { CONFIG, MANIFEST, declared, edit } from './sources.ts';

const compile = (config: string, manifest: string): ReturnType<typeof compileConfig> =>
  compileConfig({
    config: { path: 'keyrelay.yaml', text: config },
    declarations: [{ path: 'a.yaml', text: manifest }],
  });

/** Words that mean something to YAML, to JavaScript or to a manifest, so that random text is not merely refused at its first character. */
const WORDS = [
  '__proto__',
  'constructor',
  'prototype',
  'apiVersion',
  'kind',
  'metadata',
  'spec',
  'data',
  'ExternalSecret',
  'name',
  '&a',
  '*a',
  '<<',
  '!!js',
  '---',
  '? ',
  ': ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '"',
  '\n',
  '\n  ',
  '# ',
  '| ',
  '%YAML 1.1',
  '\t',
  '0x',
  '~',
  'null',
];
const yamlish = fc
  .array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 5 })), { maxLength: 40 })
  .map((words) => words.join(''));

const key = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'spec',
    'metadata',
    'annotations',
    'labels',
    'data',
    'target',
    'kind',
    'name',
  ),
  fc.string({ maxLength: 8 }),
);
const tree = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('ExternalSecret', 'external-secrets.io/v1'),
    ),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(key, tie('node'), { maxKeys: 5 }),
  ),
})).node;

/** Every problem has a place in the file and stays on one line. */
function expectProblems(result: ReturnType<typeof compileConfig>): void {
  if (result.kind === 'compiled') return;
  for (const problem of result.problems) {
    expect(problem.line).toBeGreaterThan(0);
    expect(problem.column).toBeGreaterThan(0);
    expect(formatProblem(problem)).not.toMatch(/[\n\r]/u);
  }
}

test('any text compiles or is refused with problems, and never throws', () => {
  fc.assert(
    fc.property(yamlish, yamlish, (config, manifest) => {
      expectProblems(compile(config, manifest));
      expectProblems(compile(CONFIG, `${MANIFEST}---\n${manifest}`));
    }),
    { numRuns: 300 },
  );
});

test('any tree of values compiles or is refused with problems, and changes no prototype', () => {
  const before = Object.getOwnPropertyNames(Object.prototype);

  fc.assert(
    fc.property(tree, (value) => {
      expectProblems(compile(stringify(value), stringify(value)));
      expectProblems(
        compile(
          CONFIG,
          stringify({
            apiVersion: 'external-secrets.io/v1',
            kind: 'ExternalSecret',
            metadata: value,
            spec: value,
          }),
        ),
      );
    }),
    { numRuns: 300 },
  );

  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
});

/** Compiles or not, a manifest that names the prototype never gets through as if it had not. */
test.each(['labels', 'annotations', 'template'])('a prototype among the %s is refused', (where) => {
  const evil = '{ __proto__: { polluted: "yes" } }';
  const line =
    where === 'template'
      ? `spec:\n  target: { template: ${evil} }`
      : `  ${where === 'labels' ? 'labels' : 'x'}: ${evil}\nspec:`;

  const result = compile(CONFIG, edit(MANIFEST, 'spec:', line));

  expect(result.kind).toBe('invalid');
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

const manifestValue = {
  apiVersion: 'external-secrets.io/v1',
  kind: 'ExternalSecret',
  metadata: {
    name: 'db',
    namespace: 'shop',
    labels: { b: '1', a: '2' },
    annotations: { 'keyrelay.dev/clusters': 'prod-eu', team: 'a' },
  },
  spec: {
    secretStoreRef: { name: 'aws', kind: 'ClusterSecretStore' },
    target: {
      name: 'x',
      creationPolicy: 'Owner',
      template: { type: 'Opaque', metadata: { labels: { b: '1', a: '2' } } },
    },
    data: [{ secretKey: 'k', remoteRef: { key: 'a', property: 'p', version: 'AWSCURRENT' } }],
    dataFrom: [{ extract: { key: 'b', property: 'q' } }],
  },
};

/** The same value with the members of every object in another order. */
function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, random));
  if (typeof value !== 'object' || value === null) return value;
  const ranked = Object.entries(value).map(([name, member]) => ({
    name,
    member: shuffled(member, random),
    rank: random(),
  }));
  return Object.fromEntries(
    ranked.toSorted((a, b) => a.rank - b.rank).map(({ name, member }) => [name, member]),
  );
}

test('the digest does not depend on the order of fields', () => {
  const { digest } = declared(stringify(manifestValue));

  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (ranks) => {
      const other = shuffled(manifestValue, () => Number(ranks.next().value));
      expect(declared(stringify(other)).digest).toBe(digest);
    }),
    { numRuns: 50 },
  );
});
