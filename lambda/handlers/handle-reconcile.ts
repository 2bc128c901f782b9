import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { RelayError, toRelayError } from '../errors.ts';
import { serializeCollect, serializeShard } from '../events/sqs-message.ts';
import type { CollectMessage } from '../events/sqs-message.ts';
import type { CompiledConfig } from '../model/config.ts';
import { sendAll } from '../queue/sqs-queue.ts';
import type { Runtime } from '../runtime.ts';
import { logger } from '../telemetry/logger.ts';
import { publishMetrics } from '../telemetry/metrics.ts';

/** What a person may ask for; the schedule's own event has other fields, which mean nothing here. */
const Request = z.object({ allowMassDeletion: z.optional(z.boolean()) });

/**
 * So many declarations make a shard: few enough for one invocation, and many, because a shard lists the versions of all secrets, 100 a call.
 * What a cluster declares itself is not counted before it is read.
 */
const SHARD_SIZE = 10_000;
const SHARD_NAMESPACES = 100;

/** Cuts the sweep into shards, each of some namespaces of one cluster. */
export async function handleReconcile(
  event: unknown,
  context: Context,
  runtime: Runtime,
): Promise<{ readonly shards: number }> {
  logger.addContext(context);
  try {
    const begun = runtime.ports.clock.now();
    const request = Request.safeParse(event);
    const allowMassDeletion = request.success && request.data.allowMassDeletion === true;
    const bodies = shardBodies(runtime.config, { allowMassDeletion, begun });
    const unsent = await sendAll(
      runtime.sqs,
      runtime.queues.shardQueue,
      bodies.map((body) => ({ body, delaySeconds: 0 })),
    );
    if (unsent.size > 0) {
      throw new RelayError(
        'QUEUE_FAILED',
        `${unsent.size} of ${bodies.length} shards could not be sent to the shard queue; the schedule tries again`,
      );
    }
    logger.info('reconcile begun', { shards: bodies.length });
    return { shards: bodies.length };
  } catch (failure) {
    throw toRelayError(failure, 'the reconcile function');
  } finally {
    publishMetrics(runtime);
  }
}

function shardBodies(
  config: CompiledConfig,
  { allowMassDeletion, begun }: Pick<CollectMessage, 'allowMassDeletion' | 'begun'>,
): readonly string[] {
  return config.clusters.flatMap(({ name: cluster, declarations = 'files', namespaces: all }) => {
    const declared = config.declarations.filter((declaration) => declaration.clusters.includes(cluster));
    // What a cluster declares itself is only known to who looks there.
    const own = declarations === 'files' ? [] : all;
    const sizes = Map.groupBy(declared, ({ namespace }) => namespace);
    const namespaces = [...new Set([...sizes.keys(), ...own])];
    return [
      ...shardsOf(namespaces, (namespace) => sizes.get(namespace)?.length ?? 0).map((shard) =>
        serializeShard({ cluster, namespaces: shard, begun }),
      ),
      serializeCollect({ cluster, allowMassDeletion, begun }),
    ];
  });
}

/** Namespaces together, as far as the size of a shard allows. */
function shardsOf(
  namespaces: readonly string[],
  sizeOf: (namespace: string) => number,
): readonly (readonly string[])[] {
  const shards: string[][] = [];
  let size = 0;
  for (const namespace of namespaces) {
    const last = shards.at(-1);
    const fits =
      last !== undefined && last.length < SHARD_NAMESPACES && size + sizeOf(namespace) <= SHARD_SIZE;
    if (fits) last.push(namespace);
    else shards.push([namespace]);
    size = (fits ? size : 0) + sizeOf(namespace);
  }
  return shards;
}
