import type { PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import { describe, expect, test } from '@jest/globals';
import { createEventBus } from '../../../lambda/bus/event-bus.ts';
import type { EventBridgeCalls } from '../../../lambda/bus/event-bus.ts';
import type { Receipt } from '../../../lambda/receipts/receipt.ts';
import { fakePorts } from '../../support/fakes.ts';

const { signal } = new AbortController();

function aReceipt(n: number, message = 'fake'): Receipt {
  return {
    schemaVersion: '1',
    id: String(n).padStart(32, '0'),
    outcome: 'write-failed',
    cluster: { name: 'dev', region: 'eu-west-1', account: '111122223333' },
    secret: { namespace: 'shop', name: `s${n}` },
    sources: [],
    sourceNames: [],
    times: {},
    error: { code: 'SOURCE_DENIED', message },
  };
}

const some = (count: number): readonly Receipt[] => Array.from({ length: count }, (_, n) => aReceipt(n));

type Answer = (name: string, call: number) => string | undefined;

/** EventBridge that takes what its `answer` has no error code for. */
function start(answer: Answer = () => undefined) {
  const calls: PutEventsCommandInput[] = [];
  let clients = 0;
  const client = (): Promise<EventBridgeCalls> => {
    clients += 1;
    return Promise.resolve({
      putEvents: (input) => {
        calls.push(input);
        const entries = (input.Entries ?? []).map(({ Detail = '' }) => {
          const ErrorCode = answer(nameIn(Detail), calls.length);
          return ErrorCode === undefined ? { EventId: 'id' } : { ErrorCode, ErrorMessage: 'canary' };
        });
        return Promise.resolve({ Entries: entries });
      },
    });
  };
  const { clock } = fakePorts();
  const bus = createEventBus({ bus: 'receipts', client, clock, random: () => 0.5 });
  const names = () => calls.map(({ Entries = [] }) => Entries.map(({ Detail = '' }) => nameIn(Detail)));
  return { bus, calls, names, clock, clients: () => clients };
}

function nameIn(detail: string): string {
  return /"secret":\{"namespace":"shop","name":"(\w+)"/u.exec(detail)?.[1] ?? '';
}

/** The client fails as a whole with an error of this name. */
function broken(name: string) {
  let calls = 0;
  const client = (): Promise<EventBridgeCalls> =>
    Promise.resolve({
      putEvents: () => {
        calls += 1;
        return Promise.reject(Object.assign(new Error('canary'), { name }));
      },
    });
  const { clock } = fakePorts();
  return { bus: createEventBus({ bus: 'receipts', client, clock, random: () => 0 }), calls: () => calls };
}

const codesOf = (failed: ReadonlyMap<string, { readonly code: string }>) =>
  [...failed].map(([id, { code }]) => [Number(id), code]);

test('a receipt is an event of the relay about the cluster', async () => {
  const { bus, calls } = start();

  expect(await bus.send([aReceipt(1)], signal)).toEqual(new Map());
  expect(calls).toEqual([
    {
      Entries: [
        {
          EventBusName: 'receipts',
          Source: 'keyrelay',
          DetailType: 'Keyrelay Receipt',
          Resources: ['arn:aws:eks:eu-west-1:111122223333:cluster/dev'],
          Detail: JSON.stringify(aReceipt(1)),
        },
      ],
    },
  ]);
});

test('where there is nothing to send, no client is loaded', async () => {
  const { bus, clients } = start();

  await bus.send([], signal);

  expect(clients()).toBe(0);
});

describe('a call', () => {
  test('has ten entries at most', async () => {
    const { bus, names } = start();

    await bus.send(some(23), signal);

    expect(names().map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(names().flat()).toEqual(some(23).map(({ secret }) => secret.name));
  });

  test('has 256 KB at most, counted in bytes', async () => {
    const { bus, calls } = start();

    await bus.send(
      [1, 2, 3].map((n) => aReceipt(n, 'é'.repeat(59_000))),
      signal,
    );

    expect(calls.map(({ Entries = [] }) => Entries.length)).toEqual([2, 1]);
    for (const call of calls) expect(Buffer.byteLength(JSON.stringify(call))).toBeLessThan(262_144);
  });
});

describe('what is not taken', () => {
  test('at the moment is sent again, alone and a little later', async () => {
    const { bus, names, clock } = start((name, call) =>
      name === 's1' && call < 3 ? 'ThrottlingException' : undefined,
    );
    const before = clock.now().getTime();

    expect(await bus.send(some(3), signal)).toEqual(new Map());
    expect(names()).toEqual([['s0', 's1', 's2'], ['s1'], ['s1']]);
    expect(clock.now().getTime() - before).toBe(300);
  });

  test('four times is given back, to be sent later', async () => {
    const { bus, calls } = start((name) => (name === 's1' ? 'InternalFailure' : undefined));

    expect(codesOf(await bus.send(some(3), signal))).toEqual([[1, 'RECEIPT_UNSENT']]);
    expect(calls).toHaveLength(4);
  });

  test('for good is given back at once, and holds back no other', async () => {
    const { bus, names } = start((name) => (name === 's1' ? 'NotAuthorizedForSourceException' : undefined));

    const failed = await bus.send(some(12), signal);

    expect(codesOf(failed)).toEqual([[1, 'RECEIPT_REFUSED']]);
    expect(names().map(({ length }) => length)).toEqual([10, 2]);
    const [error] = failed.values();
    expect(error?.message).toContain('NotAuthorizedForSourceException');
    expect(error?.message).toContain('dev/shop/s1');
    expect(error?.message).not.toContain('canary');
  });

  test.each([
    ['AccessDeniedException', 'RECEIPT_REFUSED'],
    ['ResourceNotFoundException', 'RECEIPT_REFUSED'],
    ['TimeoutError', 'RECEIPT_UNSENT'],
    ['ThrottlingException', 'RECEIPT_UNSENT'],
    ['ExpiredTokenException', 'RECEIPT_UNSENT'],
    ['an <odd> name', 'RECEIPT_UNSENT'],
  ])('because the call failed with %s is given back as %s; the SDK has repeated it', async (name, code) => {
    const { bus, calls } = broken(name);

    const failed = await bus.send(some(2), signal);

    expect(codesOf(failed)).toEqual([
      [0, code],
      [1, code],
    ]);
    expect(calls()).toBe(1);
    for (const error of failed.values()) expect(error.message).not.toMatch(/canary|<odd>/u);
  });

  test('and is not answered for counts as not taken', async () => {
    const client = () =>
      Promise.resolve({ putEvents: () => Promise.resolve({ Entries: [{ EventId: 'id' }] }) });
    const bus = createEventBus({ bus: 'receipts', client, clock: fakePorts().clock, random: () => 0 });

    expect(codesOf(await bus.send([aReceipt(1)], signal))).toEqual([]);
    const silent = createEventBus({
      ...{ bus: 'receipts', clock: fakePorts().clock, random: () => 0 },
      client: () => Promise.resolve({ putEvents: () => Promise.resolve({}) }),
    });
    expect(codesOf(await silent.send([aReceipt(1)], signal))).toEqual([[1, 'RECEIPT_UNSENT']]);
  });
});
