import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { RECEIPT } from '../../lambda/contract.ts';
import { parseEvent } from '../../lambda/events/parse-event.ts';
import { fieldsOf, resolved } from '../support/resolved-template.ts';
import type { Synthesized } from '../support/templates.ts';
import { templateOf } from '../support/templates.ts';
import { woken } from './woken.ts';

const SAMPLES = 'test/unit/events/samples';
const ACCOUNT = '111122223333';

/** Recorded and documented events, as of the account that the relay runs in, and of a secret that the example declares. */
const samples = new Map(
  readdirSync(SAMPLES).map((file) => {
    const event = fieldsOf(JSON.parse(readFileSync(`${SAMPLES}/${file}`, 'utf8')));
    const detail = fieldsOf(event['detail']);
    const own = file.startsWith('native-') ? { ...detail, name: 'prod/shop/db' } : detail;
    return [file.replace('.json', ''), { ...event, account: ACCOUNT, detail: own }] as const;
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
  // The example reads no parameters.
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
    ['a secret that nobody declares', native({}, { name: 'prod/shop/db2' }), false],
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

  test.each<[Synthesized, string]>([
    ['example', 'keyrelay-relay-eu-west-1'],
    ['fleet', 'fleet-relay-eu-west-1'],
    ['fleet', 'fleet-events-444455556666-eu-west-1'],
    // Its receipts go to the very bus that wakes it.
    ['private', 'inside-relay-eu-central-1'],
    ['tenants', 'tenants-relay-eu-west-1'],
  ])('of %s, %s, are never woken by a receipt', async (config, stack) => {
    const patterns = patternsOf(config, stack);
    const receipt = {
      ...fieldsOf(samples.get('native-secret-label-updated')),
      source: RECEIPT.source,
      'detail-type': RECEIPT.detailType,
    };

    expect(patterns).not.toEqual([]);
    expect(await woken(patterns, [receipt])).toEqual([false]);
    for (const pattern of patterns) expect(fieldsOf(pattern)['source']).not.toContain(RECEIPT.source);
  });

  const parameter = (detail: object, change: object = {}): object => {
    const event = fieldsOf(samples.get('ssm-parameter-store-change-update'));
    return { ...event, ...change, detail: { ...fieldsOf(event['detail']), ...detail } };
  };

  test.each([
    ['a parameter that the patterns of a store admit', parameter({ name: '/prod/shop/endpoint' }), true],
    ['a parameter that is declared by itself', parameter({ name: 'flag' }), true],
    ['the same, with a slash', parameter({ name: '/flag' }), true],
    ['a parameter that nobody declares', parameter({ name: '/stage/shop/endpoint' }), false],
    ['one whose name begins like a declared one', parameter({ name: 'flag-2' }), false],
    ['a new parameter', parameter({ name: 'flag', operation: 'Create' }), true],
    ['a deleted parameter', parameter({ name: 'flag', operation: 'Delete' }), true],
    ['a label that moved', parameter({ name: 'flag', operation: 'LabelParameterVersion' }), true],
    ['an operation that is not known', parameter({ name: 'flag', operation: 'Read' }), false],
    [
      'a shared parameter of another account',
      parameter({ name: '/shared/ca' }, { account: '444455556666' }),
      true,
    ],
    [
      'an account that nothing is declared of',
      parameter({ name: 'flag' }, { account: '999900001111' }),
      false,
    ],
    [
      'another event of Systems Manager',
      parameter({ name: 'flag' }, { 'detail-type': 'Parameter Store Policy Action' }),
      false,
    ],
  ])('tell of %s: %#', async (_, event, expected) => {
    expect(await woken(patternsOf('fleet', 'fleet-relay-eu-west-1'), [event])).toEqual([expected]);
  });

  test('leave labels alone where none is declared', async () => {
    const events = ['Update', 'LabelParameterVersion'].map((operation) =>
      parameter({ name: '/shop/host', operation }),
    );

    expect(await woken(patternsOf('private', 'inside-relay-eu-central-1'), events)).toEqual([true, false]);
  });

  test('of a forwarder for parameters take the shared ones that are declared', async () => {
    const events = ['/shared/ca', '/prod/shop/endpoint', '/shared/other'].map((name) =>
      parameter({ name }, { account: '444455556666' }),
    );

    expect(await woken(patternsOf('fleet', 'fleet-events-444455556666-eu-west-1'), events)).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('on a central bus, take the events of the accounts that it is for', async () => {
    const patterns = patternsOf('private', 'inside-relay-eu-central-1');
    const events = [ACCOUNT, '999900001111', '222233334444'].map((account) =>
      native({ account }, { name: 'shop/database' }),
    );

    expect(await woken(patterns, events)).toEqual([true, true, false]);
  });

  test('of a forwarder take the events of its own account', async () => {
    const patterns = patternsOf('fleet', 'fleet-events-444455556666-us-east-1');
    const events = ['444455556666', ACCOUNT].map((account) => native({ account }, { name: 'partner/api' }));

    expect(await woken(patterns, events)).toEqual([true, false]);
  });
});

describe('the patterns of the recipes for receipts', () => {
  const page = readFileSync('docs/receipts.md', 'utf8');
  const example = fieldsOf(JSON.parse(/```json\n([\s\S]*?)```/u.exec(page)?.[1] ?? '{}'));
  const patterns = [...page.matchAll(/--event-pattern '([\s\S]*?)'/gu)].map(([, text = '']): unknown =>
    JSON.parse(text),
  );
  const told = (detail: object): object => ({
    ...example,
    detail: { ...fieldsOf(example['detail']), ...detail },
  });

  test('take the receipts that they are about, and no others', async () => {
    const events = [
      told({}),
      told({ dataChanged: false }),
      told({ secret: { namespace: 'web', name: 'db' } }),
      told({ outcome: 'written' }),
      { ...told({}), source: 'com.example' },
    ];
    const matched = await Promise.all(patterns.map((pattern) => woken([pattern], events)));

    expect(matched).toEqual([
      [true, false, false, true, false],
      [true, true, true, false, false],
    ]);
  });
});
