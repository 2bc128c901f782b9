import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

/** One figure: a single value, or percentiles of many. */
export type Metric = { readonly name: string; readonly unit: string } & (
  { readonly value: number } | { readonly p50: number; readonly p99: number }
);

/** What a benchmark leaves in `bench/results/NAME.json`. */
export interface Result {
  readonly name: string;
  readonly command: string;
  readonly metrics: readonly Metric[];
  /** Of what else was measured, by its name. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** Percentiles of samples, by nearest rank. */
export function percentiles(samples: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN);
  return { p50: at(0.5), p99: at(0.99) };
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The slope of the least-squares line through the logarithms: 1 where the figure grows as the size does, 2 where it grows as its square. */
export function growthExponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([size, figure]) => [Math.log(size), Math.log(figure)] as const);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(logs.map(([size]) => size)), mean(logs.map(([, figure]) => figure))];
  const covariance = logs.reduce((sum, [size, figure]) => sum + (size - x) * (figure - y), 0);
  return round(covariance / logs.reduce((sum, [size]) => sum + (size - x) ** 2, 0));
}

/** Processes that wanted a processor in the minute before the benchmark began: whether others were at work. */
const LOAD_AT_START = round(loadavg()[0] ?? NaN);

/** Writes the result with what one needs to know to believe it, and prints it. */
export function report({ name, command, metrics, versions = {} }: Result): void {
  const folder = fileURLToPath(new URL('results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const { model = 'unknown' } = cpus()[0] ?? {};
  const machine = {
    cpus: cpus().length,
    model,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
    loadAtStart: LOAD_AT_START,
  };
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();
  const document = {
    command,
    date: new Date().toISOString().slice(0, 10),
    machine,
    versions: { node: process.version, commit, ...versions },
    metrics,
  };
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify(document, null, 2)}\n`);
  console.log(`\n${name}`);
  for (const metric of metrics) {
    const figure = 'value' in metric ? String(metric.value) : `p50 ${metric.p50}, p99 ${metric.p99}`;
    console.log(`  ${metric.name.padEnd(58)} ${figure} ${metric.unit}`);
  }
}
