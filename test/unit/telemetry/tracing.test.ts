import { describe, expect, test } from '@jest/globals';
import { createTracing } from '../../../lambda/telemetry/tracing.ts';

describe.each([
  { where: 'where nothing is traced', environment: {} },
  { where: 'where the function is traced', environment: { AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000' } },
])('a step $where', ({ environment }) => {
  test('gives what it runs', async () => {
    const tracing = await createTracing(environment);

    await expect(tracing.step('observe', 'dev/shop/db', () => Promise.resolve('seen'))).resolves.toBe('seen');
  });

  test('fails as what it runs fails', async () => {
    const tracing = await createTracing(environment);
    const failure = new Error('as it is');

    await expect(tracing.step('observe', 'dev/shop/db', () => Promise.reject(failure))).rejects.toBe(failure);
  });
});
