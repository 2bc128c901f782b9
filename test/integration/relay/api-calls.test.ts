import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { metricsIn, sumsBy } from '../../support/emf.ts';
import { startFaultyRelay } from '../../support/faulty-relay.ts';
import type { FaultyRelay } from '../../support/faulty-relay.ts';
import { until } from '../../support/until.ts';

let world: FaultyRelay;

beforeAll(async () => {
  world = await startFaultyRelay({ declared: new Map([['counted', ['a', 'b']]]) });
}, 900_000);

afterAll(() => world.stop());

/** What the functions say that they sent, by API. */
const said = (): ReadonlyMap<string, number> => sumsBy('api', 'ApiCalls', metricsIn(world.relay.output()));

/** Calls that nobody but the functions makes here: the test writes secrets, and the queues are polled by what stands for Lambda. */
const RELAYS_OWN =
  /^(secretsmanager:(Get|BatchGet|List|Describe)|eks:|sqs:(SendMessageBatch|ChangeMessage)|events:PutEvents)/u;

/** What arrived. */
function seen(): ReadonlyMap<string, number> {
  const calls = [...world.local.aws.chaos.calls()].filter(([call]) => RELAYS_OWN.test(call));
  const byService = Map.groupBy(calls, ([call]) => call.split(':')[0] ?? '');
  const sums = [...byService].map(
    ([service, its]) => [service, its.reduce((sum, [, count]) => sum + count, 0)] as const,
  );
  return new Map([...sums, ['kubernetes', world.proxy.arrived()]]);
}

test('the requests that the functions publish are those that arrived, repeats included', async () => {
  const refused = { status: 429, reason: 'TooManyRequests', retryAfterSeconds: 1 };
  let refusals = 1;
  world.local.aws.chaos.throttle('GetSecretValue', 2);
  world.proxy.use(() => (refusals-- > 0 ? { kind: 'refusal', refusal: refused, passed: 'not' } : undefined));

  await world.manager.putSecretValue({ SecretId: 'a', SecretString: 'fake-2' });
  await until(() => Promise.resolve(world.history('counted').at(-1) === 'a=fake-2 b=fake-1'));
  await world.relay.settled();
  await world.relay.sweep();

  // The last lines may be on their way still.
  await until(() => Promise.resolve(isDeepStrictEqual(said(), seen())), 5000).catch(() => undefined);
  expect(said()).toEqual(seen());
  expect([...seen().keys()].toSorted()).toEqual(['eks', 'events', 'kubernetes', 'secretsmanager', 'sqs']);
  expect(refusals).toBeLessThan(1);
});
