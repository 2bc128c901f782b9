import { clusterObject } from '../declarations/cluster-object.ts';
import { RelayError } from '../errors.ts';
import type { Action } from '../model/action.ts';
import type { Declaration } from '../model/declaration.ts';
import { objectId } from '../model/declared-object.ts';
import type { Ports } from './ports.ts';

const API_VERSION = 'external-secrets.io/v1';

/**
 * What a cluster declares was read before its target was observed, and a sweep takes minutes: an older declaration would overwrite what a newer
 * one has brought about. So before a write, and after the observation that it is done under, the object is read again, and must be the one that
 * was read, unchanged (guarantee 2). Status does not count.
 *
 * @throws RelayError DECLARATION_CHANGED: the target is tried again with what is declared now
 */
export async function confirmDeclared(
  { origin }: Declaration,
  action: Action,
  { reports }: Pick<Ports, 'reports'>,
  signal: AbortSignal,
): Promise<void> {
  if (origin === undefined || !writes(action)) return;
  const { ref, uid, version } = origin;
  const item = await reports.read(ref, signal);
  const now = clusterObject(item, ref.cluster, { apiVersion: API_VERSION, kind: ref.kind });
  if (now !== undefined && !now.terminating && now.origin.uid === uid && now.origin.version === version)
    return;
  throw new RelayError(
    'DECLARATION_CHANGED',
    `${objectId(ref)} was changed or deleted since it was read; its Secret is tried again with what is declared now`,
  );
}

function writes({ kind }: Action): boolean {
  return kind === 'create' || kind === 'update' || kind === 'delete';
}
