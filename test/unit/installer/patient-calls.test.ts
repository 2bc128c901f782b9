import { describe, expect, test } from '@jest/globals';
import { patientCalls } from '../../../lambda/installer/patient-calls.ts';
import { FakeEks } from './fake-eks.ts';

const signal = new AbortController().signal;

/** A clock whose sleeps pass at once, and change what EKS says after so many of them. */
function clockThat(afterSleeps: number, change: () => void) {
  let now = 0;
  let sleeps = 0;
  return {
    now: () => new Date(now),
    sleep: (ms: number) => {
      now += ms;
      sleeps += 1;
      if (sleeps === afterSleeps) change();
      return Promise.resolve();
    },
  };
}

describe('a call of EKS', () => {
  test('that is denied because its policy is new passes when the policy has arrived', async () => {
    const eks = new FakeEks();
    eks.failures.set('CreateAccessEntry', 'AccessDeniedException');
    const clock = clockThat(3, () => eks.failures.clear());
    const calls = patientCalls(eks, { clock, patienceMs: 60_000, signal });

    await calls.createAccessEntry({ clusterName: 'c', principalArn: 'arn' });

    expect(eks.actions).toEqual(Array.from({ length: 4 }, () => 'CreateAccessEntry'));
  });

  test('that stays denied fails when patience is at its end', async () => {
    const eks = new FakeEks();
    eks.failures.set('DeleteAccessEntry', 'AccessDeniedException');
    const calls = patientCalls(eks, { clock: clockThat(0, () => undefined), patienceMs: 5000, signal });

    await expect(calls.deleteAccessEntry({ clusterName: 'c', principalArn: 'arn' })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(eks.actions).toHaveLength(4);
  });

  test('that fails for another reason fails at once', async () => {
    const eks = new FakeEks();
    eks.failures.set('DescribeCluster', 'ResourceNotFoundException');
    const calls = patientCalls(eks, { clock: clockThat(0, () => undefined), patienceMs: 60_000, signal });

    await expect(calls.describeCluster({ name: 'c' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(eks.actions).toHaveLength(1);
  });
});
