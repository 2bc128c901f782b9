import type { WriteReason } from '../model/action.ts';
import type { ClusterEvent, Regarding } from '../model/cluster-event.ts';
import { sourceId, sourcesOf } from '../model/declaration.ts';
import type { Declaration } from '../model/declaration.ts';
import type { DeclaredObject } from '../model/declared-object.ts';
import type { Outcome } from './outcome.ts';
import { isToldByEvent } from './verdict.ts';

type Said = Pick<ClusterEvent, 'type' | 'reason' | 'message' | 'topic'>;

/**
 * The Events about one outcome, with ESO's reasons. Pure. They are about the ExternalSecret where it lies in the cluster, and about the Secret where a
 * file or nobody declares it.
 *
 * | outcome                                        | Event                                     |
 * |------------------------------------------------|-------------------------------------------|
 * | created                                        | Normal Created                            |
 * | updated                                        | Normal Updated, why                       |
 * | deleted                                        | Normal Deleted, why                       |
 * | written without a source that is gone, deleted | and Normal MissingProviderSecret, which   |
 * | failed                                         | Warning UpdateFailed, the error           |
 * | failed, and tried again within seconds         | none                                      |
 * | failed: the cluster does not answer            | none                                      |
 * | kept, skipped                                  | none                                      |
 */
export function eventsOf(outcome: Outcome, declaration: Declaration | undefined): readonly ClusterEvent[] {
  const { cluster } = outcome.target;
  const origin = declaration?.origin;
  // Events of what is in no namespace lie in `default`, where the relay may write nothing.
  const regarding =
    origin === undefined || origin.ref.namespace === '' ? theSecret(outcome) : theObject(origin);
  return saidOf(outcome, declaration).map((said) => ({ cluster, regarding, ...said }));
}

/** The Event about an object that cannot be brought about as it is. */
export function refusalEvent(object: DeclaredObject, reason: string, message: string): ClusterEvent {
  return {
    cluster: object.ref.cluster,
    regarding: theObject(object),
    ...{ type: 'Warning', reason, message, topic: 'refused' },
  };
}

function saidOf(outcome: Outcome, declaration: Declaration | undefined): readonly Said[] {
  switch (outcome.kind) {
    case 'written':
      return [writing(outcome), ...missing(declaration, outcome.versions)];
    case 'deleted':
      return [deletion(outcome.reason), ...missing(declaration, new Map())];
    case 'failed': {
      const { code, message } = outcome.error;
      if (!isToldByEvent(outcome.error)) return [];
      return [{ type: 'Warning', reason: 'UpdateFailed', message, topic: code }];
    }
    case 'kept':
    case 'skipped':
      return [];
  }
}

const WHY: Readonly<Record<WriteReason, string>> = {
  missing: '',
  version: '',
  declaration: ': the declaration changed',
  drift: ': somebody else had changed it',
  'take-over': ': taken over',
};

function writing({ action, reason }: Extract<Outcome, { kind: 'written' }>): Said {
  return action === 'create'
    ? { type: 'Normal', reason: 'Created', message: 'secret created', topic: reason }
    : { type: 'Normal', reason: 'Updated', message: `secret updated${WHY[reason]}`, topic: reason };
}

function deletion(reason: Extract<Outcome, { kind: 'deleted' }>['reason']): Said {
  const why =
    reason === 'source-gone' ? 'due to DeletionPolicy=Delete' : 'because nothing declares it any more';
  return { type: 'Normal', reason: 'Deleted', message: `secret deleted ${why}`, topic: reason };
}

/** Sources that are gone while the deletion policy lets the Secret do without. */
function missing(
  declaration: Declaration | undefined,
  versions: Extract<Outcome, { kind: 'written' }>['versions'],
): readonly Said[] {
  const gone = declaration === undefined ? [] : sourcesOf(declaration).map(sourceId);
  const names = gone.filter((id) => !versions.has(id));
  if (names.length === 0) return [];
  const message = `secret does not exist at provider: ${names.join(', ')}`;
  return [{ type: 'Normal', reason: 'MissingProviderSecret', message, topic: names.join() }];
}

function theObject({ ref: { kind, namespace, name }, uid }: DeclaredObject): Regarding {
  return { apiVersion: 'external-secrets.io/v1', kind, namespace, name, uid };
}

function theSecret({ target: { namespace, name }, uid }: Outcome): Regarding {
  return { apiVersion: 'v1', kind: 'Secret', namespace, name, uid };
}
