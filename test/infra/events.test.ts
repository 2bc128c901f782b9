import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseEvent } from '../../lambda/events/parse-event.ts';
import { fieldsOf, resolved } from '../support/resolved-template.ts';
import type { Synthesized } from '../support/templates.ts';
import { templateOf } from '../support/templates.ts';
import { woken } from './woken.ts';

const SAMPLES = 'test/unit/events/samples';
const ACCOUNT = '111122223333';

/** Recorded and documented events, as of the account that the relay runs in. */
const samples = new Map(
  readdirSync(SAMPLES).map((file) => {
    const event: unknown = JSON.parse(readFileSync(`${SAMPLES}/${file}`, 'utf8'));
    return [file.replace('.json', ''), { ...fieldsOf(event), account: ACCOUNT }] as const;
  }),
);

/** Every rule of a stack with a pattern. */
function patternsOf(config: Synthesized, stack: string): readonly unknown[] {
  return [...resolved(templateOf(config, stack), { account: ACCOUNT, region: 'eu-west-1' }).values()].flatMap(
    ({ Type, Properties: { EventPattern } }) =>
      Type === 'AWS::Events::Rule' && EventPattern !== undefined ? [EventPattern] : [],
  );
}

/** The relay decides about these by what only the event's detail or the configuration tells. */
const DECIDED_LATER = [
  'ct-put-secret-value-pending',
  'ct-update-secret-version-stage-pending',
  'native-custom-label',
  // No store of Parameter Store can be configured yet, so that no rule is made for its event.
  'ssm-parameter-store-change-update',
];

describe('the rules', () => {
  test('wake the relay for what it would act on, and for nothing that it would ignore', async () => {
    const names = [...samples.keys()].filter((name) => !DECIDED_LATER.includes(name));
    const matched = await woken(
      patternsOf('example', 'keyrelay-relay-eu-west-1'),
      names.map((name) => samples.get(name)),
    );
    const wanted = names.map((name) => parseEvent(samples.get(name)).kind === 'change');

    expect(names.filter((_, index) => matched[index])).toEqual(names.filter((_, index) => wanted[index]));
    expect(names.filter((_, index) => matched[index])).toEqual(
      expect.arrayContaining(['native-secret-label-updated', 'ct-rotation-succeeded', 'ct-delete-secret']),
    );
  });

  const native = (change: object, detail: object = {}): object => {
    const event = fieldsOf(samples.get('native-secret-label-updated'));
    return { ...event, ...change, detail: { ...fieldsOf(event['detail']), ...detail } };
  };
  const denied = samples.get('ct-put-secret-value-denied');

  test.each([
    ['the relay’s account', native({}), true],
    ['another account', native({ account: '999900001111' }), false],
    ['another service that says the same', native({ source: 'com.example' }), false],
    ['another type of event', native({ 'detail-type': 'Secret Label Removed' }), false],
    ['a stage that nobody declares', native({}, { labelUpdated: 'GREEN' }), false],
    [
      'AWSPENDING, which a rotation moves before it is done',
      native({}, { labelUpdated: 'AWSPENDING' }),
      false,
    ],
    ['a call that was denied', denied, false],
  ])('of %s: %#', async (_, event, expected) => {
    expect(await woken(patternsOf('example', 'keyrelay-relay-eu-west-1'), [event])).toEqual([expected]);
  });

  test('follow a stage that is declared, and the name patterns of the stores', async () => {
    const events = [
      native({}, { name: 'legacy-token', labelUpdated: 'BLUE' }),
      native({}, { name: 'prod/shop/database' }),
      native({}, { name: 'stage/shop/database' }),
      native({}, { name: 'legacy-token-2' }),
    ];

    expect(await woken(patternsOf('fleet', 'fleet-relay-eu-west-1'), events)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('on a central bus, take the events of the accounts that it is for', async () => {
    const patterns = patternsOf('private', 'inside-relay-eu-central-1');
    const events = [ACCOUNT, '999900001111', '222233334444'].map((account) => native({ account }));

    expect(await woken(patterns, events)).toEqual([true, true, false]);
  });

  test('of a forwarder take the events of its own account', async () => {
    const patterns = patternsOf('fleet', 'fleet-events-444455556666-us-east-1');
    const events = ['444455556666', ACCOUNT].map((account) => native({ account }));

    expect(await woken(patterns, events)).toEqual([true, false]);
  });
});
