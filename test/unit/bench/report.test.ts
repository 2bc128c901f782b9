import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { plotSvg } from '../../../bench/plot.ts';
import { reportAll } from '../../../bench/report.ts';
import { figure, markdownTable } from '../../../bench/table.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

test.each(reportAll())(
  '$path says what the committed results say: npm run bench -- report',
  ({ path, text }) => {
    expect(readFileSync(`${ROOT}${path}`, 'utf8')).toBe(text);
  },
);

test.each([
  [0, '0'],
  [0.0049, '0'],
  [0.123, '0.12'],
  [2.704, '2.7'],
  [45.67, '45.7'],
  [123.45, '123'],
  [10_000, '10,000'],
  [NaN, ''],
])('%s is written %s', (value, text) => {
  expect(figure(value)).toBe(text);
});

test('a table has its columns as wide as the widest cell', () => {
  expect(
    markdownTable([
      ['a', 'bcde'],
      ['fghi', '1'],
    ]),
  ).toBe(['| a    | bcde |', '| ---- | ---- |', '| fghi | 1    |'].join('\n'));
});

describe('a plot', () => {
  const svg = plotSvg({
    title: 'a < b',
    ...{ x: 'size', y: 's' },
    series: [
      {
        name: 'one',
        points: [
          [10, 1],
          [100, 10],
          [1000, 100],
        ],
      },
    ],
  });

  test('shows linear growth as a straight line', () => {
    const [, points = ''] = /points="([^"]+)"/u.exec(svg) ?? [];
    const [[x0 = 0, y0 = 0] = [], [x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []] = points
      .split(' ')
      .map((point) => point.split(',').map(Number));

    expect(x1 - x0).toBeCloseTo(x2 - x1, 0);
    expect(y1 - y0).toBeCloseTo(y2 - y1, 0);
    expect(y2).toBeLessThan(y0);
  });

  test('quotes what has a meaning in XML', () => {
    expect(svg).toContain('<title>a &lt; b</title>');
  });
});
