import { jsonError, forward, membersOf } from './exchange.ts';
import type { Answer, Incoming } from './exchange.ts';
import { announce } from './label-events.ts';
import { DELETED, labelsIn, labelsOf } from './labels.ts';

/** Actions on a secret that is there, after which a label may stand at another version. */
const MOVES_LABELS: ReadonlySet<string> = new Set([
  'PutSecretValue',
  'UpdateSecret',
  'UpdateSecretVersionStage',
  'RotateSecret',
]);

/** Passes requests to Secrets Manager on and announces the labels that they moved; undefined for requests that move none. */
export type LabelMover = (action: string, incoming: Incoming) => Promise<Answer> | undefined;

/** One after the other, because what a request moved is seen by looking before and after it. */
export function createLabelMover(moto: string): LabelMover {
  let last: Promise<unknown> = Promise.resolve();
  return (action, incoming) => {
    if (action === 'CreateSecret') return create(moto, incoming);
    if (!MOVES_LABELS.has(action)) return undefined;
    const turn = last.then(() => move(moto, incoming));
    last = turn.catch(() => undefined);
    return turn;
  };
}

async function move(moto: string, incoming: Incoming): Promise<Answer> {
  const before = await labelsOf(moto, incoming);
  if (before?.deleted === true) return jsonError(400, 'InvalidRequestException', DELETED);
  const answer = await forward(moto, incoming);
  const after = answer.status === 200 ? await labelsOf(moto, incoming) : undefined;
  if (after !== undefined) await announce(moto, incoming, before?.versionOf, after);
  return answer;
}

/** Nothing can have moved the labels of a secret that was not there, so its answer says it all. */
async function create(moto: string, incoming: Incoming): Promise<Answer> {
  const answer = await forward(moto, incoming);
  if (answer.status === 200) {
    const { VersionId: version } = membersOf(answer.body);
    if (typeof version === 'string')
      await announce(moto, incoming, undefined, labelsIn(answer.body, [['AWSCURRENT', version]]));
    return answer;
  }
  const there = await labelsOf(moto, incoming);
  if (there?.deleted !== true) return answer;
  const message =
    "You can't create this secret because a secret with this name is already scheduled for deletion.";
  return jsonError(400, 'InvalidRequestException', message);
}
