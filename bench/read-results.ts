import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';

const Metric = z.object({
  name: z.string(),
  unit: z.string(),
  value: z.optional(z.number()),
  p50: z.optional(z.number()),
  p99: z.optional(z.number()),
});

const Document = z.object({
  command: z.string(),
  date: z.string(),
  machine: z.object({
    ...{ cpus: z.number(), model: z.string(), memoryGiB: z.number(), platform: z.string() },
    loadAtStart: z.optional(z.number()),
  }),
  versions: z.object({ node: z.string(), commit: z.string(), eso: z.optional(z.string()) }),
  metrics: z.array(Metric),
});

/** A committed result. */
export interface Committed {
  /** The figure of this name (its median, where it is of many samples); not a number where it was not measured. */
  value(name: string): number;
  /** The slowest of a hundred. */
  p99(name: string): number;
  /** In the order in which they were measured. */
  readonly names: readonly string[];
  /** Processes that wanted a processor just before; undefined in results of before it was recorded. */
  readonly loadAtStart: number | undefined;
  /** Machine, versions and date in a line. */
  readonly made: string;
}

/** Reads `bench/results/NAME.json`. */
export function readResult(name: string): Committed {
  const file = fileURLToPath(new URL(`results/${name}.json`, import.meta.url));
  const { date, machine, versions, metrics } = Document.parse(JSON.parse(readFileSync(file, 'utf8')));
  const found = new Map(metrics.map((metric) => [metric.name, metric]));
  return {
    value: (key) => found.get(key)?.value ?? found.get(key)?.p50 ?? NaN,
    p99: (key) => found.get(key)?.p99 ?? NaN,
    names: [...found.keys()],
    loadAtStart: machine.loadAtStart,
    made: `${machine.cpus} processors (${machine.model}), ${machine.memoryGiB} GiB, Node ${versions.node.slice(1)}${versions.eso === undefined ? '' : `, External Secrets Operator ${versions.eso}`}, commit ${versions.commit}, ${date}`,
  };
}
