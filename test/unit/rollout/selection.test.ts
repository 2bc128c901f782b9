import { describe, expect, test } from '@jest/globals';
import type { RolloutPolicy } from '../../../lambda/model/rollout.ts';
import type { Workload } from '../../../lambda/model/workload.ts';
import { pausePeriodOf } from '../../../lambda/rollout/reloader.ts';
import { askedBy } from '../../../lambda/rollout/selection.ts';
import { aWorkload } from '../../support/rollout-builders.ts';

const AUTO = 'reloader.stakater.com/auto';
const SECRET_AUTO = 'secret.reloader.stakater.com/auto';
const RELOAD = 'secret.reloader.stakater.com/reload';
const SEARCH = 'reloader.stakater.com/search';
const EXCLUDE = 'secrets.exclude.reloader.stakater.com/reload';
const RESTART = 'keyrelay.dev/restart';
const MATCH = { 'reloader.stakater.com/match': 'true' };
const IGNORE = { 'reloader.stakater.com/ignore': 'true' };

/** A workload that does not consume the Secret under test. */
const stranger = new Set(['something-else']);

function asked(
  workload: Partial<Omit<Workload, 'ref'>>,
  policy: RolloutPolicy,
  annotations: Readonly<Record<string, string>> = {},
) {
  return askedBy(aWorkload(workload), { name: 'db', annotations }, policy);
}

describe('a workload that says nothing', () => {
  test.each([
    ['annotated', undefined],
    ['auto', 'policy'],
    ['off', undefined],
  ] as const)('is, under policy %s, restarted because of: %s', (policy, by) => {
    expect(asked({}, policy)).toBe(by);
  });

  test('is not restarted for a Secret that it does not consume', () => {
    expect(asked({ secrets: stranger }, 'auto')).toBeUndefined();
  });
});

describe('the relay’s own annotation', () => {
  test.each([
    { value: 'true', by: 'keyrelay' },
    { value: 'true', secrets: stranger, by: undefined },
    { value: 'other, db', by: 'keyrelay' },
    { value: 'db', secrets: stranger, by: 'keyrelay' },
    { value: 'other', by: undefined },
    { value: 'd.', by: undefined },
    { value: 'false', by: undefined },
    { value: '', by: undefined },
  ])('"$value" decides under both policies (%#)', ({ value, secrets = new Set(['db']), by }) => {
    const workload = { annotations: { [RESTART]: value }, secrets };

    expect(asked(workload, 'annotated')).toBe(by);
    expect(asked(workload, 'auto')).toBe(by);
    expect(asked(workload, 'off')).toBeUndefined();
  });

  test('wins over Reloader’s', () => {
    expect(asked({ annotations: { [RESTART]: 'false', [AUTO]: 'true' } }, 'annotated')).toBeUndefined();
    expect(asked({ annotations: { [RESTART]: 'true', [EXCLUDE]: 'db' } }, 'annotated')).toBe('keyrelay');
  });
});

describe('Reloader’s annotations, under policy annotated', () => {
  test.each<{
    says: string;
    annotations: Readonly<Record<string, string>>;
    secret?: Readonly<Record<string, string>>;
    consumes?: false;
    yes: boolean;
  }>([
    { says: 'auto', annotations: { [AUTO]: 'true' }, yes: true },
    { says: 'auto, as Go writes it', annotations: { [AUTO]: 'T' }, yes: true },
    { says: 'auto, not consuming the Secret', annotations: { [AUTO]: 'true' }, consumes: false, yes: false },
    { says: 'auto, "false"', annotations: { [AUTO]: 'false' }, yes: false },
    { says: 'auto, "yes"', annotations: { [AUTO]: 'yes' }, yes: false },
    { says: 'auto for Secrets', annotations: { [SECRET_AUTO]: 'true' }, yes: true },
    {
      says: 'auto for Secrets, though not in general',
      annotations: { [AUTO]: 'false', [SECRET_AUTO]: 'true' },
      yes: true,
    },
    {
      says: 'auto for ConfigMaps',
      annotations: { 'configmap.reloader.stakater.com/auto': 'true' },
      yes: false,
    },
    { says: 'reload, by name', annotations: { [RELOAD]: 'db' }, yes: true },
    { says: 'reload, not consuming the Secret', annotations: { [RELOAD]: 'db' }, consumes: false, yes: true },
    { says: 'reload, in a list', annotations: { [RELOAD]: 'a, db ,c' }, yes: true },
    { says: 'reload, another name', annotations: { [RELOAD]: 'db2' }, yes: false },
    { says: 'reload, the beginning of the name', annotations: { [RELOAD]: 'd' }, yes: false },
    { says: 'reload, an expression', annotations: { [RELOAD]: 'd.*' }, yes: true },
    { says: 'reload, an expression for a part of the name', annotations: { [RELOAD]: '[b]' }, yes: false },
    { says: 'reload, alternatives', annotations: { [RELOAD]: 'x|(a|d)b' }, yes: true },
    { says: 'reload, what is no expression, and the name', annotations: { [RELOAD]: '[, db' }, yes: true },
    { says: 'reload, what is no expression', annotations: { [RELOAD]: '(' }, yes: false },
    { says: 'reload, nothing', annotations: { [RELOAD]: '' }, yes: false },
    { says: 'search, and the Secret matches', annotations: { [SEARCH]: 'true' }, secret: MATCH, yes: true },
    { says: 'search, and the Secret does not match', annotations: { [SEARCH]: 'true' }, yes: false },
    {
      says: 'search, and a Secret that it does not consume matches',
      annotations: { [SEARCH]: 'true' },
      secret: MATCH,
      consumes: false,
      yes: false,
    },
    { says: 'nothing, and the Secret matches', annotations: {}, secret: MATCH, yes: false },
    {
      says: 'auto, and the Secret is to be ignored',
      annotations: { [AUTO]: 'true' },
      secret: IGNORE,
      yes: false,
    },
    {
      says: 'reload, and the Secret is to be ignored',
      annotations: { [RELOAD]: 'db' },
      secret: IGNORE,
      yes: false,
    },
    {
      says: 'auto, and excludes the Secret',
      annotations: { [AUTO]: 'true', [EXCLUDE]: 'a, db' },
      yes: false,
    },
    { says: 'reload, and excludes the Secret', annotations: { [RELOAD]: 'db', [EXCLUDE]: 'db' }, yes: false },
    { says: 'auto, and excludes another', annotations: { [AUTO]: 'true', [EXCLUDE]: 'd' }, yes: true },
  ])('$says: $yes', ({ annotations, secret = {}, consumes = true, yes }) => {
    const workload = { annotations, ...(consumes ? {} : { secrets: stranger }) };

    expect(asked(workload, 'annotated', secret)).toBe(yes ? 'reloader' : undefined);
    expect(asked(workload, 'off', secret)).toBeUndefined();
  });

  test('count on the pod template where the workload has none that ask', () => {
    const onTemplate = { templateAnnotations: { [AUTO]: 'true' } };

    expect(asked(onTemplate, 'annotated')).toBe('reloader');
    expect(asked({ ...onTemplate, annotations: { [EXCLUDE]: 'db' } }, 'annotated')).toBeUndefined();
    expect(asked({ ...onTemplate, annotations: { [RELOAD]: 'x' } }, 'annotated')).toBeUndefined();
    expect(asked({ templateAnnotations: { [AUTO]: 'true', [EXCLUDE]: 'db' } }, 'annotated')).toBe('reloader');
  });
});

describe('Reloader’s annotations, under policy auto, keep a workload from being restarted', () => {
  test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ['auto "false"', { [AUTO]: 'false' }, {}],
    ['auto for Secrets "false"', { [SECRET_AUTO]: 'false' }, {}],
    ['an exclusion', { [EXCLUDE]: 'db' }, {}],
    ['a Secret that is to be ignored', {}, IGNORE],
  ])('by %s', (_, annotations, secret) => {
    expect(asked({ annotations }, 'auto', secret)).toBeUndefined();
  });

  test('and not by asking for other Secrets', () => {
    expect(asked({ annotations: { [RELOAD]: 'other' } }, 'auto')).toBe('policy');
    expect(asked({ annotations: { [SEARCH]: 'true' } }, 'auto')).toBe('policy');
  });
});

test('an expression that a tenant made to be slow is answered', () => {
  const workload = aWorkload({ annotations: { [RELOAD]: '(a+)+x' } });

  expect(askedBy(workload, { name: 'a'.repeat(200), annotations: {} }, 'annotated')).toBeUndefined();
});

describe('a pause period', () => {
  const PERIOD = 'deployment.reloader.stakater.com/pause-period';

  test.each([
    ['5m', 300],
    ['1h30m', 5400],
    ['1.5s', 1.5],
    ['250ms', 0.25],
    ['5', undefined],
    ['-5m', undefined],
    ['soon', undefined],
  ])('of %s has %s seconds', (text, seconds) => {
    expect(pausePeriodOf(aWorkload({ annotations: { [PERIOD]: text } }))).toBe(seconds);
  });

  test('is for Deployments only', () => {
    const workload = aWorkload({ ref: { kind: 'StatefulSet' }, annotations: { [PERIOD]: '5m' } });

    expect(pausePeriodOf(workload)).toBeUndefined();
  });
});
