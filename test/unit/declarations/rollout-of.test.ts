import { expect, test } from '@jest/globals';
import { CONFIG, MANIFEST, declared, edit, problems } from './sources.ts';

const withRollout = (value: string): string =>
  edit(MANIFEST, ': prod-eu', `: prod-eu\n    keyrelay.dev/rollout: ${value}`);
const OFF = '    rollouts: { policy: "off" }\n    labels: { env: prod }';

test.each(['auto', 'annotated', '"off"'])('a declaration may say %s', (value) => {
  expect(declared(withRollout(value)).rollout).toBe(value.replaceAll('"', ''));
});

test('a declaration that says nothing leaves it to the cluster', () => {
  expect(declared()).not.toHaveProperty('rollout');
});

test('a word that is none is a mistake', () => {
  expect(problems(withRollout('always'))).toEqual([
    'DECLARATION_INVALID declarations/a.yaml:8:27: metadata.annotations["keyrelay.dev/rollout"]: found "always", expected "auto", "annotated" or "off"',
  ]);
});

test('asking for restarts where the cluster allows none is a mistake', () => {
  const config = edit(CONFIG, '    labels: { env: prod }', OFF);

  expect(problems(withRollout('auto'), config)).toEqual([
    'DECLARATION_INVALID declarations/a.yaml:8:27: metadata.annotations["keyrelay.dev/rollout"]: found "auto", expected a cluster whose rollouts are not off (clusters[].rollouts.policy of prod-eu)',
  ]);
  expect(problems(withRollout('"off"'), config)).toEqual([]);
  expect(problems(edit(withRollout('auto'), ': prod-eu', ': prod-eu, test-eu'), config)).toEqual([]);
});

test('it is part of what is rendered, so that a Secret is marked anew where it changes', () => {
  expect(declared(withRollout('auto')).digest).not.toBe(declared().digest);
});
