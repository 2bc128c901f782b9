import { expect, test } from '@jest/globals';
import { fillMetrics, of, writesIn } from '../../../../bench/race/metrics.ts';

const name = of('20 Secrets', 'ESO');

function figures(metrics: ReturnType<typeof fillMetrics>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(metrics.map((metric) => [metric.name, 'value' in metric ? metric.value : 0]));
}

test('a fill tells when each tenth of the Secrets was right', () => {
  const right = Array.from({ length: 20 }, (_, n) => n + 1);

  const told = figures(fillMetrics(name, 20, { right, waited: 20.001 }));

  expect(told['20 Secrets, ESO: Secrets that were right']).toBe(20);
  expect(told['20 Secrets, ESO: 10 % right after']).toBe(2);
  expect(told['20 Secrets, ESO: 100 % right after']).toBe(20);
});

test('a fill that was not waited for tells how far it came, and nothing of what it did not reach', () => {
  const told = figures(fillMetrics(name, 20, { right: [1, 2, 3, 4, 5], waited: 120 }));

  expect(told).toEqual({
    '20 Secrets, ESO: Secrets that were right': 5,
    '20 Secrets, ESO: waited': 120,
    '20 Secrets, ESO: 10 % right after': 2,
    '20 Secrets, ESO: 20 % right after': 4,
  });
});

test('what a rotation makes a rival write is Secrets and Events, not the status that every refresh writes', () => {
  const requests = new Map([
    ['update secrets', 3],
    ['create events', 2],
    ['patch events', 1],
    ['update externalsecrets/status', 100],
    ['list secrets', 7],
  ]);

  expect(writesIn({ seconds: 1, calls: 0, processor: 0, requests })).toBe(6);
});
