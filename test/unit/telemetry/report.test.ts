import { expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambda/telemetry/logger.ts';
import { logRefused } from '../../../lambda/telemetry/report.ts';

test('objects that are refused are told one by one, and not ten thousand times', () => {
  const lines = jest.spyOn(logger, 'warn').mockImplementation(() => undefined);
  const refused = Array.from({ length: 12 }, (_, n) => {
    return { namespace: 'shop', declaration: `shop/s${n}`, reason: 'why' };
  });

  logRefused(refused, { cluster: 'dev' });

  expect(lines.mock.calls).toEqual([
    ...refused.slice(0, 10).map((object) => ['declaration refused', { ...object, cluster: 'dev' }]),
    ['more declarations refused', { count: 2, cluster: 'dev' }],
  ]);
  lines.mockRestore();
});
