import { RelayError } from '../errors.ts';
import type { StepSubject, Tracing } from '../model/ports.ts';

/** Where nothing is traced, a step costs a function call. */
const untraced: Tracing = { step: (_name, _about, run) => run(), header: () => undefined };

/**
 * X-Ray subsegments by Powertools. The tracer costs 50 ms of a cold start (bench/results/import-cost.json), so it is loaded only where the function
 * is traced (Lambda sets AWS_XRAY_DAEMON_ADDRESS: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
 */
export async function createTracing(environment: {
  readonly AWS_XRAY_DAEMON_ADDRESS?: string | undefined;
}): Promise<Tracing> {
  if (environment.AWS_XRAY_DAEMON_ADDRESS === undefined) return untraced;
  const { Tracer } = await import('@aws-lambda-powertools/tracer');
  const tracer = new Tracer({ captureHTTPsRequests: false });
  return {
    step: (name, about, run, outcomeOf) =>
      new Promise((resolve, reject) => {
        tracer.provider.captureAsyncFunc(name, async (segment) => {
          for (const [key, value] of annotationsOf(about)) segment?.addAnnotation(key, value);
          try {
            const result = await run();
            segment?.addAnnotation('outcome', outcomeOf?.(result) ?? 'done');
            resolve(result);
          } catch (failure) {
            // Only the code: an error's text could hold a value, and X-Ray keeps it.
            segment?.addAnnotation('outcome', failure instanceof RelayError ? failure.code : 'UNEXPECTED');
            segment?.addFaultFlag();
            reject(failure instanceof Error ? failure : new Error(`defect: ${name} threw no error`));
          } finally {
            segment?.close();
          }
        });
      }),
    header: () => {
      const root = tracer.getRootXrayTraceId();
      const parent = tracer.getSegment()?.id;
      if (root === undefined || parent === undefined) return undefined;
      return `Root=${root};Parent=${parent};Sampled=${tracer.isTraceSampled() ? 1 : 0}`;
    },
  };
}

/** Characters of an annotation (https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-nodejs-segment.html). */
const MAX_LENGTH = 1000;

function annotationsOf({
  cluster = '',
  namespace = '',
  name = '',
  what = '',
}: StepSubject): readonly (readonly [string, string])[] {
  return Object.entries({ cluster, namespace, name, what }).flatMap(([key, value]) =>
    value === '' ? [] : [[key, value.slice(0, MAX_LENGTH)] as const],
  );
}
