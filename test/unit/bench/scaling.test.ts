import { describe, expect, test } from '@jest/globals';
import { SWEEPS, listCalls, loadOf, monthlyCost } from '../../../bench/scaling.ts';

const measured = { sweepProcessor: 0.0002, pushProcessor: 0.01 };

test.each([
  { wanted: 10_000, account: 10_000, calls: 100, why: 'the account is listed whole' },
  { wanted: 100, account: 1000, calls: 10, why: 'listing the account is as good as asking by name' },
  { wanted: 100, account: 100_000, calls: 20, why: '10 pages, and nearly all of the 100 by name' },
  { wanted: 1000, account: 100_000, calls: 190, why: '100 pages, which tell a tenth, and the rest by name' },
])(
  'to learn $wanted versions in an account of $account takes $calls calls: $why',
  ({ wanted, account, calls }) => {
    expect(listCalls(wanted, account)).toBe(calls);
  },
);

describe('a fleet', () => {
  test('has a shard for each cluster, or more where a cluster declares much', () => {
    expect(loadOf({ clusters: 100, secrets: 100_000, sources: 100_000 }, measured).shards).toBe(100);
    expect(loadOf({ clusters: 2, secrets: 50_000, sources: 50_000 }, measured).shards).toBe(6);
  });

  test('sweeps no faster than the quota of ListSecrets allows', () => {
    const load = loadOf({ clusters: 100, secrets: 100_000, sources: 100_000 }, measured);

    expect(load.listsOfSweep).toBe(19_000);
    expect(load.quotaSeconds).toBe(190);
    expect(load.sweepSeconds).toBeGreaterThanOrEqual(load.quotaSeconds);
  });

  test('costs what its calls and its seconds cost', () => {
    const fleet = { clusters: 100, secrets: 100_000, sources: 100_000 };
    const { shardSeconds } = loadOf(fleet, measured);
    const bill = new Map(monthlyCost(fleet, measured).map(({ what, dollars }) => [what, dollars]));

    expect(bill.get('ListSecrets of sweeps')).toBeCloseTo((SWEEPS * 19_000 * 0.05) / 10_000, 6);
    expect(bill.get('Lambda: sweeps')).toBeCloseTo(SWEEPS * 100 * shardSeconds * 0.000_013_333_4, 6);
    // Polling alone, and 3 requests for each of 144,000 messages of sweeps and 100,000 events.
    expect(bill.get('SQS')).toBeCloseTo(((1_944_000 + 3 * 244_000) * 0.4) / 1e6, 6);
  });
});
