/** A line through points. */
export interface Series {
  readonly name: string;
  /** x and y, by growing x. */
  readonly points: readonly (readonly [number, number])[];
}

/** What a plot shows. Both axes are logarithmic, because sizes and times span orders of magnitude: a straight line of slope 1 is linear growth. */
export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

const WIDTH = 640;
const HEIGHT = 360;
const MARGIN = { top: 40, right: 190, bottom: 48, left: 64 } as const;
const INNER = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
/** Told apart by most who are colour-blind, on white and on black (Okabe and Ito, https://jfly.uni-koeln.de/color/). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;

/** Draws a plot as SVG: same input, same text, so that it can be committed and compared. */
export function plotSvg({ title, x, y, series }: Plot): string {
  const points = series.flatMap((line) => line.points);
  const across = axisOf(
    points.map(([value]) => value),
    INNER.width,
  );
  const up = axisOf(
    points.map(([, value]) => value),
    INNER.height,
  );
  const at = ([a, b]: readonly [number, number]): readonly [number, number] => [
    MARGIN.left + across.at(a),
    MARGIN.top + INNER.height - up.at(b),
  ];
  const lines = series.map((line, index) =>
    lineOf(line, COLOURS[index % COLOURS.length] ?? 'black', index, at),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<text x="${MARGIN.left}" y="22" font-size="14">${escaped(title)}</text>`,
    ...across.ticks.map((tick) => tickAcross(tick, MARGIN.left + across.at(tick))),
    ...up.ticks.map((tick) => tickUp(tick, MARGIN.top + INNER.height - up.at(tick))),
    `<text x="${MARGIN.left + INNER.width / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escaped(x)}</text>`,
    `<text transform="translate(16 ${MARGIN.top + INNER.height / 2}) rotate(-90)" text-anchor="middle">${escaped(y)}</text>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}

interface Axis {
  readonly ticks: readonly number[];
  /** How far from the beginning a value is. */
  readonly at: (value: number) => number;
}

/** From the power of ten below the least value to the one above the greatest. */
function axisOf(values: readonly number[], length: number): Axis {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values))));
  const ticks = Array.from({ length: to - from + 1 }, (_, n) => 10 ** (from + n));
  return { ticks, at: (value) => ((Math.log10(value) - from) / (to - from)) * length };
}

function lineOf(
  { name, points }: Series,
  colour: string,
  index: number,
  at: (point: readonly [number, number]) => readonly [number, number],
): string {
  const placed = points.map(at).map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`);
  const dots = placed.map((point) => {
    const [a = '', b = ''] = point.split(',');
    return `<circle cx="${a}" cy="${b}" r="3" fill="${colour}"/>`;
  });
  const row = MARGIN.top + 12 + index * 20;
  const left = WIDTH - MARGIN.right + 16;
  return [
    `<polyline points="${placed.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...dots,
    `<rect x="${left}" y="${row - 8}" width="12" height="4" fill="${colour}"/>`,
    `<text x="${left + 18}" y="${row}">${escaped(name)}</text>`,
  ].join('\n');
}

function tickAcross(tick: number, x: number): string {
  const bottom = MARGIN.top + INNER.height;
  return `<line x1="${x}" y1="${MARGIN.top}" x2="${x}" y2="${bottom}" stroke="#ddd"/><text x="${x}" y="${bottom + 16}" text-anchor="middle">${labelOf(tick)}</text>`;
}

function tickUp(tick: number, y: number): string {
  const right = MARGIN.left + INNER.width;
  return `<line x1="${MARGIN.left}" y1="${y}" x2="${right}" y2="${y}" stroke="#ddd"/><text x="${MARGIN.left - 6}" y="${y + 4}" text-anchor="end">${labelOf(tick)}</text>`;
}

function labelOf(tick: number): string {
  return tick >= 1 ? tick.toLocaleString('en-US') : String(Number(tick.toPrecision(1)));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
