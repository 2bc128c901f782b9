import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

// Stands in for the Lambda runtime around one bundled function: imports it, and invokes it for each message of the parent.
const [, , bundle] = process.argv;
const started = performance.now();
const { handler } = await import(bundle);
process.send({ kind: 'ready', initMs: performance.now() - started });

process.on('message', async ({ id, event, timeoutMs }) => {
  const end = performance.now() + timeoutMs;
  const context = {
    awsRequestId: id,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:123456789012:function:${process.env.AWS_LAMBDA_FUNCTION_NAME}`,
    memoryLimitInMB: '512',
    getRemainingTimeInMillis: () => Math.max(0, end - performance.now()),
  };
  try {
    process.send({
      kind: 'result',
      id,
      result: (await handler(event, context)) ?? null,
      memory: peakMemory(),
      cpu: process.cpuUsage(),
    });
  } catch (error) {
    // As the runtime does: what a handler throws is logged whole.
    console.error('ERROR Invoke Error', error);
    process.send({ kind: 'error', id, message: String(error) });
  }
});

/** Bytes. Linux counts what the parent held at the fork in `maxRSS` of the child; VmHWM begins with the program. */
function peakMemory() {
  const [, peak] =
    process.platform === 'linux'
      ? (/^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync('/proc/self/status', 'utf8')) ?? [])
      : [];
  return (peak === undefined ? process.resourceUsage().maxRSS : Number(peak)) * 1024;
}

process.on('disconnect', () => process.exit());
