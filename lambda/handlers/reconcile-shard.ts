import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { startRuntime } from '../runtime.ts';
import { handleShard } from './handle-shard.ts';

const runtime = await startRuntime();

/** Entry point: a batch of the shard queue. */
export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  handleShard(event, context, runtime);
