import type { Tracing } from '../model/ports.ts';

/** Where nothing is traced, a step costs a function call. */
const untraced: Tracing = { step: (_name, _where, run) => run() };

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
    step: (name, where, run) =>
      new Promise((resolve, reject) => {
        tracer.provider.captureAsyncFunc(name, async (segment) => {
          segment?.addAnnotation('where', where);
          try {
            resolve(await run());
          } catch (failure) {
            // Only the fact: an error's text could hold a value, and X-Ray keeps it.
            segment?.addFaultFlag();
            reject(failure instanceof Error ? failure : new Error(`defect: ${name} threw no error`));
          } finally {
            segment?.close();
          }
        });
      }),
  };
}
