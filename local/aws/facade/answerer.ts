import { changeAccess } from './access-entries.ts';
import type { ChaosState } from './chaos.ts';
import { describeCluster } from './eks.ts';
import type { RegisteredCluster } from './eks.ts';
import { forward, serviceError } from './exchange.ts';
import type { Answer, Incoming } from './exchange.ts';
import { createLabelMover } from './label-moves.ts';
import { breaksLimit } from './limits.ts';
import { moveMessages } from './message-moves.ts';
import { changeParameter } from './parameter-events.ts';
import { readParameters } from './parameter-reads.ts';
import { operationOf } from './operation.ts';
import type { Operation } from './operation.ts';
import { repair } from './repairs.ts';
import type { Memory } from './repairs.ts';
import { asLaggingReplica } from './stale-reads.ts';

const READS_VALUES: ReadonlySet<string> = new Set(['GetSecretValue', 'BatchGetSecretValue']);

export interface AnswererOptions {
  /** The emulator's endpoint. */
  readonly moto: string;
  readonly region: string;
  readonly account: string;
  readonly clusters: ReadonlyMap<string, RegisteredCluster>;
  readonly chaos: ChaosState;
  readonly memory: Memory;
}

/** What the facade does with a request: fails it on request, refuses it, answers it itself, or passes it on and repairs the answer. */
export function createAnswerer(options: AnswererOptions): (incoming: Incoming) => Promise<Answer> {
  const { moto, clusters, chaos, memory } = options;
  const moveLabels = createLabelMover(moto);

  const passParameter = async ({ action, region }: Operation, incoming: Incoming): Promise<Answer> => {
    const arnOf = (name: string): string =>
      `arn:aws:ssm:${region}:${options.account}:parameter${name.startsWith('/') ? name : `/${name}`}`;
    if (action === 'GetParameters') return await readParameters(moto, incoming, arnOf, chaos);
    return await (changeParameter(moto, action, incoming, arnOf) ?? forward(moto, incoming));
  };
  const pass = async (operation: Operation, incoming: Incoming): Promise<Answer> => {
    const { service, action } = operation;
    if (service === 'ssm') return await passParameter(operation, incoming);
    if (service === 'sqs' && action === 'StartMessageMoveTask') return await moveMessages(moto, incoming);
    if (service !== 'secretsmanager') return await forward(moto, incoming);
    const answer = await (moveLabels(action, incoming) ?? forward(moto, incoming));
    return READS_VALUES.has(action) ? await asLaggingReplica(moto, incoming, answer, chaos) : answer;
  };
  const answer = async (operation: Operation, incoming: Incoming): Promise<Answer> => {
    const refusal = (await chaos.meet(operation)) ?? breaksLimit(operation, incoming.body);
    if (refusal !== undefined) return refusal;
    if (operation.service === 'eks' && operation.action === 'DescribeCluster') {
      return describeCluster(incoming, operation.region, clusters, options);
    }
    if (operation.service === 'eks') {
      const changed = changeAccess(operation.action, incoming, clusters);
      if (changed !== undefined) return changed;
    }
    return repair(operation, await pass(operation, incoming), memory);
  };
  return async (incoming) => {
    const operation = operationOf(incoming);
    return await answer(operation, incoming).catch((error: unknown) =>
      serviceError(operation.service, 500, 'InternalFailure', messageOf(error)),
    );
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'the facade failed';
}
