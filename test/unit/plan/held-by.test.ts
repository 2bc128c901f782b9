import { expect, test } from '@jest/globals';
import type { StatusWriters } from '../../../lambda/model/declared-object.ts';
import { heldBy } from '../../../lambda/plan/held-by.ts';
import { aDeclaredObject } from '../../support/fake-reports.ts';

const NOW = new Date('2026-01-05T12:00:00Z');
const at = (time: string): Date => new Date(`2026-01-05T${time}Z`);
const eso = (time: string, relay?: string): StatusWriters => ({
  relay: relay === undefined ? undefined : at(relay),
  other: { manager: 'external-secrets', at: at(time) },
});
const HOURLY = { text: '1h0m0s', seconds: 3600 };

test.each([
  ['nobody wrote the status', { relay: undefined, other: undefined }, HOURLY, undefined, undefined],
  ['the relay wrote it last', eso('11:00:00', '11:30:00'), HOURLY, undefined, undefined],
  ['both wrote it in one second', eso('11:30:00', '11:30:00'), HOURLY, undefined, undefined],
  ['another did, too long ago', eso('10:50:00'), HOURLY, undefined, undefined],
  ['another did within its interval', eso('10:50:01'), HOURLY, 'external-secrets', undefined],
  [
    'another did, after the relay',
    eso('11:00:00', '10:00:00'),
    HOURLY,
    'external-secrets',
    'external-secrets',
  ],
  ['another did, after the relay and long ago', eso('10:40:00', '10:00:00'), HOURLY, undefined, undefined],
  [
    'another did, and comes back within a day',
    eso('01:00:00'),
    { text: '24h', seconds: 86_400 },
    'external-secrets',
    undefined,
  ],
  [
    'another did moments ago, and comes back when something changes',
    eso('11:55:00'),
    { text: '0s', seconds: 0 },
    'external-secrets',
    undefined,
  ],
  ['another did, and has no interval', eso('11:45:00'), undefined, undefined, undefined],
] as const)(
  'where %s, it is left to %4$s, with take-over to %5$s',
  (_case, statusWriters, refreshInterval, without, withIt) => {
    const object = aDeclaredObject({ statusWriters, refreshInterval });

    expect(heldBy(object, false, NOW)).toBe(without);
    expect(heldBy(object, true, NOW)).toBe(withIt);
  },
);
