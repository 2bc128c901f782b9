import { ANNOTATION } from '../contract.ts';
import type { Cause, Write } from '../model/change-marks.ts';
import type { Cluster } from '../model/config.ts';
import { recordedVersions } from '../model/recorded-versions.ts';
import { targetId } from '../model/target.ts';
import type { Target } from '../model/target.ts';
import type { Receipt } from './receipt.ts';

/** The Secret that a receipt is about. */
export interface Subject {
  readonly cluster: Pick<Cluster, 'name' | 'region' | 'account'>;
  readonly target: Target;
  readonly uid: string | undefined;
  /** Its annotations as they are, or were. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** So many sources are named, and no more, so that a receipt always fits an event. */
const MAX_SOURCES = 100;

/** What all receipts about a Secret have in common. */
export function commonParts({
  cluster: { name, region, account },
  target,
  uid,
  annotations,
}: Subject): Pick<
  Receipt,
  'schemaVersion' | 'cluster' | 'secret' | 'sources' | 'sourceNames' | 'declaration'
> {
  const declaration = annotations[ANNOTATION.declaration];
  return {
    schemaVersion: '1',
    cluster: { name, region, account },
    secret: { namespace: target.namespace, name: target.name, ...(uid === undefined ? {} : { uid }) },
    ...(declaration === undefined ? {} : { declaration }),
    ...sourceLists(sourcesIn(annotations)),
  };
}

/** What a receipt says of sources. */
export function sourceLists(sources: Receipt['sources']): Pick<Receipt, 'sources' | 'sourceNames'> {
  const first = sources.slice(0, MAX_SOURCES);
  return { sources: first, sourceNames: [...new Set(first.map(({ secret }) => secret))] };
}

/** What a receipt says of the event. */
export function causeParts({ event }: Cause): Pick<Receipt, 'eventId'> {
  return event === undefined ? {} : { eventId: event };
}

/** The times that are known so far. */
export function timesOf({ rotated, received }: Cause): Receipt['times'] {
  return {
    ...(rotated === undefined ? {} : { rotated: rotated.toISOString() }),
    ...(received === undefined ? {} : { received: received.toISOString() }),
  };
}

/** What a write is known by, whoever tells of it and whenever. */
export function writeKey({ target }: Pick<Subject, 'target'>, { written }: Write): readonly string[] {
  return [targetId(target), written.toISOString()];
}

/** A source by the id that the relay knows it by (`sourceId`): no name of a store has a colon. */
export function sourceParts(id: string): { readonly store: string; readonly secret: string } {
  const colon = id.indexOf(':');
  return { store: id.slice(0, colon), secret: id.slice(colon + 1) };
}

function sourcesIn(annotations: Subject['annotations']): Receipt['sources'] {
  return [...recordedVersions(annotations)].map(([id, { id: versionId, created }]) => ({
    ...sourceParts(id),
    versionId,
    ...(created === undefined ? {} : { created: created.toISOString() }),
  }));
}
