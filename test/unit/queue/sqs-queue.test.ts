import { describe, expect, test } from '@jest/globals';
import { backoffSeconds, postpone, sendAll } from '../../../lambda/queue/sqs-queue.ts';
import { FakeSqs } from '../../support/fake-sqs.ts';

const messages = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ body: `body-${n}`, delaySeconds: n }));

describe('sending', () => {
  test('takes ten messages a call and loses none', async () => {
    const sqs = new FakeSqs();

    expect(await sendAll(sqs, 'queue', messages(23))).toEqual(new Set());
    expect(sqs.batches.map((batch) => batch.Entries?.length)).toEqual([10, 10, 3]);
    expect(sqs.batches.flatMap((batch) => batch.Entries?.map((entry) => entry.MessageBody))).toEqual(
      messages(23).map(({ body }) => body),
    );
  });

  test('tells which messages were not taken', async () => {
    const sqs = new FakeSqs();
    sqs.refuses = (body) => body === 'body-3' || body === 'body-12';

    expect(await sendAll(sqs, 'queue', messages(15))).toEqual(new Set([3, 12]));
  });

  test('counts every message of a call that failed as not taken', async () => {
    const sqs = new FakeSqs();
    sqs.down = true;

    expect((await sendAll(sqs, 'queue', messages(12))).size).toBe(12);
  });

  test('begins no further call after one that had no answer', async () => {
    const sqs = new FakeSqs();
    sqs.refuses = (body) => {
      if (body === 'body-10') sqs.down = true;
      return body === 'body-3';
    };

    expect([...(await sendAll(sqs, 'queue', messages(35)))]).toEqual([
      3,
      ...Array.from({ length: 15 }, (_, n) => 20 + n),
    ]);
    expect(sqs.batches).toHaveLength(2);
    expect(sqs.called).toBe(3);
  });
});

test('postponing a delivery says whether it was postponed', async () => {
  const sqs = new FakeSqs();

  expect(await postpone(sqs, 'queue', 'receipt', 30)).toBe('postponed');
  expect(sqs.postponed).toEqual([{ QueueUrl: 'queue', ReceiptHandle: 'receipt', VisibilityTimeout: 30 }]);
  sqs.down = true;
  expect(await postpone(sqs, 'queue', 'receipt', 30)).toBe('not postponed');
});

test.each([
  { attempt: 1, random: 0.5, asked: 0, seconds: 5 },
  { attempt: 2, random: 0.5, asked: 0, seconds: 10 },
  { attempt: 1, random: 0, asked: 0, seconds: 4 },
  { attempt: 1, random: 0.999, asked: 0, seconds: 7 },
  { attempt: 9, random: 0.5, asked: 0, seconds: 900 },
  { attempt: 99, random: 0.999, asked: 0, seconds: 900 },
  { attempt: 1, random: 0.5, asked: 60_000, seconds: 60 },
  { attempt: 1, random: 0.5, asked: 10_000_000, seconds: 900 },
])(
  'attempt $attempt waits $seconds s (random $random, asked for $asked ms)',
  ({ attempt, random, asked, seconds }) => {
    expect(backoffSeconds(attempt, random, asked)).toBe(seconds);
  },
);
