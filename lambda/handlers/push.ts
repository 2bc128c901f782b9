import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { startRuntime } from '../runtime.ts';
import { handlePush } from './handle-push.ts';

const runtime = await startRuntime();

/** Entry point: a batch of the push queue. */
export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  handlePush(event, context, runtime);
