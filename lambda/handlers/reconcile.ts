import type { Context } from 'aws-lambda';
import { startRuntime } from '../runtime.ts';
import { handleReconcile } from './handle-reconcile.ts';

const runtime = await startRuntime();

/** Entry point: the schedule, or a person who invokes it with `{"allowMassDeletion": true}`. */
export const handler = (event: unknown, context: Context): Promise<{ readonly shards: number }> =>
  handleReconcile(event, context, runtime);
