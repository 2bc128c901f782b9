import { expect, test } from '@jest/globals';
import { processorIn, residentIn } from '../../../../bench/race/process-usage.ts';

test('processor time is user and system time, however the process is called', () => {
  const rest = 'S 1 2 3 0 -1 4194560 100 0 0 0 1234 66 7 8 20 0 14 0 5000 100000 2500';

  expect(processorIn(`4711 (eso) ${rest}`)).toBe(13);
  expect(processorIn(`4711 (a (b) c) ${rest}`)).toBe(13);
});

test('resident memory is what is resident now, not the most that was', () => {
  expect(residentIn('Name:\teso\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\n')).toBe(100);
});
