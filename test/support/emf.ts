import { jest } from '@jest/globals';
import { Metrics } from '@aws-lambda-powertools/metrics';
import * as z from 'zod/mini';

/** A metric as CloudWatch takes it from a log line. */
export interface Published {
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const Emf = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.literal('Keyrelay'),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string() })),
      }),
    ),
  }),
});
const Values = z.union([
  z.array(z.number()),
  z.pipe(
    z.number(),
    z.transform((value) => [value]),
  ),
]);

/** The metrics of one line of EMF. */
function metricsOf(line: unknown): readonly Published[] {
  const found = Emf.parse(line);
  return found._aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics: list }) =>
    Dimensions.flatMap((names) =>
      list.map(({ Name: name, Unit: unit }) => ({
        name,
        unit,
        dimensions: Object.fromEntries(names.map((dimension) => [dimension, String(found[dimension])])),
        values: Values.parse(found[name]),
      })),
    ),
  );
}

/** The metrics among what a function has written. */
export function metricsIn(output: string): readonly Published[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{"_aws":'))
    .flatMap((line) => metricsOf(JSON.parse(line)));
}

/** Takes what is published from now on instead of having it written; `jest.restoreAllMocks` ends it. */
export function catchMetrics(): readonly Published[] {
  const caught: Published[] = [];
  jest.spyOn(Metrics.prototype, 'publishStoredMetrics').mockImplementation(function (this: Metrics) {
    caught.push(...metricsOf(this.serializeMetrics()));
    this.clearMetrics();
    this.clearDimensions();
    return this;
  });
  return caught;
}

/** All values of a metric together, by its one dimension beside `service`. */
export function sumsBy(
  dimension: string,
  metric: string,
  published: readonly Published[],
): ReadonlyMap<string, number> {
  const found = published.filter(({ name }) => name === metric);
  const groups = Map.groupBy(found, ({ dimensions }) => dimensions[dimension] ?? '');
  return new Map(
    [...groups].map(([key, items]) => [
      key,
      items.flatMap(({ values }) => values).reduce((sum, value) => sum + value, 0),
    ]),
  );
}
