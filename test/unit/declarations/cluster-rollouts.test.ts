import { describe, expect, test } from '@jest/globals';
import { ROLLOUT_SETTINGS } from '../../../lambda/model/rollout.ts';
import { CONFIG, MANIFEST, compiled, edit, problems } from './sources.ts';

const withFields = (fields: string): string =>
  edit(CONFIG, '    labels: { env: prod }\n', `    labels: { env: prod }\n    ${fields}\n`);
const rollouts = (fields: string) => compiled(MANIFEST, withFields(fields)).clusters[0]?.rollouts;

describe('without a word about rollouts', () => {
  test('those workloads are restarted that ask for it', () => {
    expect(compiled().clusters[0]?.rollouts).toEqual({ policy: 'annotated', reloader: 'detect' });
    expect(compiled().settings.rollouts).toEqual(ROLLOUT_SETTINGS);
  });

  test.each(['access-policy', 'none'])(
    'none is where the deployment grants no Roles (access %s)',
    (access) => {
      expect(rollouts(`access: ${access}`)).toBeUndefined();
    },
  );
});

test.each([
  ['rollouts: { policy: auto }', { policy: 'auto', reloader: 'detect' }],
  ['rollouts: { paused: true }', { policy: 'annotated', reloader: 'detect', paused: true }],
  ['rollouts: { reloader: present }', { policy: 'annotated', reloader: 'present' }],
  ['rollouts: { policy: "off", paused: true }', undefined],
  [
    '{ access: none, rollouts: { policy: auto } }'.slice(2, -2).replace(', ', '\n    '),
    { policy: 'auto', reloader: 'detect' },
  ],
  [
    'rollouts: { windows: { kind: deny, windows: [{ schedule: "@daily", duration: 90m }] } }',
    {
      policy: 'annotated',
      reloader: 'detect',
      windows: { kind: 'deny', windows: [{ opens: { kind: 'cron', expression: '@daily' }, seconds: 5400 }] },
    },
  ],
])('%s is understood', (fields, expected) => {
  expect(rollouts(fields)).toEqual(expected);
});

test('settings are filled in one by one', () => {
  const config = `${CONFIG}settings: { rollouts: { maxPerCluster: 3 } }\n`;

  expect(compiled(MANIFEST, config).settings.rollouts).toEqual({ ...ROLLOUT_SETTINGS, maxPerCluster: 3 });
});

test.each([
  [
    'access: access-policy\n    rollouts: { policy: auto }',
    'clusters[0].rollouts.policy: found auto, expected access: rbac, because EKS’s policy for Secrets restarts no workloads',
  ],
  [
    'rollouts: { policy: always }',
    'clusters[0].rollouts.policy: found "always", expected one of "off", "annotated", "auto"',
  ],
  [
    'rollouts: { windows: { kind: allow, windows: [{ schedule: "99 * * * *", duration: 1h }] } }',
    'clusters[0].rollouts.windows.windows[0].schedule: found "99 * * * *", expected a schedule of five fields such as 0 22 * * 1-5, or a word such as @daily',
  ],
  ['rollout: {}', 'clusters[0].rollout: found the unknown field "rollout"'],
])('%s is a mistake', (fields, told) => {
  const found = problems(MANIFEST, withFields(fields));

  expect(found).toHaveLength(1);
  expect(found[0]).toContain(told);
});
