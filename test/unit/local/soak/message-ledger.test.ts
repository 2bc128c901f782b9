import { describe, expect, test } from '@jest/globals';
import { openLedger } from '../../../../local/soak/message-ledger.ts';
import type { MessageLedger } from '../../../../local/soak/message-ledger.ts';

const QUEUE = 'http://127.0.0.1:1/123456789012/relay-push';
const DEAD = 'http://127.0.0.1:1/123456789012/relay-dead';

function books(): MessageLedger {
  return openLedger([QUEUE], DEAD);
}

function call(action: string, asked: object, answered: object, queue = QUEUE) {
  return {
    action,
    body: JSON.stringify({ QueueUrl: queue, ...asked }),
    answer: JSON.stringify(answered),
  };
}

const send = (id: string) => call('SendMessage', {}, { MessageId: id });
const receive = (id: string, queue = QUEUE) =>
  call('ReceiveMessage', {}, { Messages: [{ MessageId: id, ReceiptHandle: `h-${id}`, Body: id }] }, queue);
const remove = (id: string) => call('DeleteMessage', { ReceiptHandle: `h-${id}` }, {});

describe('a message that was sent', () => {
  test.each([
    { then: 'is lost where nobody received it', calls: [send('m')], lost: ['m'] },
    { then: 'is lost where it was received and not deleted', calls: [send('m'), receive('m')], lost: ['m'] },
    { then: 'is done where it was deleted', calls: [send('m'), receive('m'), remove('m')], lost: [] },
    { then: 'is kept where it is a dead letter', calls: [send('m'), receive('m', DEAD)], lost: [] },
    {
      then: 'is lost where another was deleted',
      calls: [send('m'), send('n'), receive('m'), receive('n'), remove('n')],
      lost: ['m'],
    },
    {
      then: 'counts in a batch, where it was taken',
      calls: [call('SendMessageBatch', {}, { Successful: [{ MessageId: 'm' }], Failed: [{ Id: 'n' }] })],
      lost: ['m'],
    },
    {
      then: 'is the same by another host of the queue',
      calls: [send('m'), receive('m', QUEUE.replace('127.0.0.1:1', 'gate')), remove('m')],
      lost: [],
    },
    {
      then: 'is none of these books where it went to another queue',
      calls: [call('SendMessage', {}, { MessageId: 'm' }, `${QUEUE}-other`)],
      lost: [],
    },
  ])('$then', ({ calls, lost }) => {
    const ledger = books();

    for (const item of calls) ledger.take(item);

    expect(ledger.lost()).toEqual(lost);
  });
});

test('the books are counted, and tell what is in dead letters', () => {
  const ledger = books();

  for (const item of [send('a'), send('b'), receive('a'), remove('a'), receive('b', DEAD)]) ledger.take(item);

  expect([ledger.sent, ledger.deleted, ledger.dead]).toEqual([2, 1, 1]);
  expect(ledger.deadBodies()).toEqual(['b']);
});
