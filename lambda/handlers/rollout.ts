import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { startRuntime } from '../runtime.ts';
import { handleRollout } from './handle-rollout.ts';

const runtime = await startRuntime();

/** Entry point: a batch of the rollout queue. */
export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  handleRollout(event, context, runtime);
