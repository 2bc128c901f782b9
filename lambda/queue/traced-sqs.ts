import type { Tracing } from '../model/ports.ts';
import type { SqsCalls } from './sqs-queue.ts';

/**
 * Has what is sent belong to the trace of its sender, so that X-Ray links the function that receives it. The header of the request, which the SDK sends
 * by itself, would name the function and not the step; the attribute overrides it and counts towards no limit
 * (https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sqs.html).
 */
export function tracedSqs(sqs: SqsCalls, tracing: Tracing): SqsCalls {
  return {
    sendMessageBatch: ({ Entries = [], ...input }) =>
      tracing.step(
        'send',
        { what: queueName(input.QueueUrl) },
        () => {
          const trace = tracing.header();
          const AWSTraceHeader = { DataType: 'String', StringValue: trace };
          const added = trace === undefined ? {} : { MessageSystemAttributes: { AWSTraceHeader } };
          return sqs.sendMessageBatch({
            ...input,
            Entries: Entries.map((entry) => ({ ...entry, ...added })),
          });
        },
        ({ Failed = [] }) => (Failed.length === 0 ? 'done' : 'not sent'),
      ),
    changeMessageVisibility: (input) => sqs.changeMessageVisibility(input),
  };
}

function queueName(url = ''): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
