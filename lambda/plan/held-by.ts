import type { DeclaredObject } from '../model/declared-object.ts';

/** A controller that runs comes back within the refresh interval; this much later at most, for its queue. */
const LATE_MS = 10 * 60_000;

/**
 * The field manager of another controller, such as a running ESO, that brings the object about; undefined where the relay may. Pure.
 *
 * | who wrote the status last                                  | no take-over | take-over |
 * |------------------------------------------------------------|--------------|-----------|
 * | nobody, or the relay                                       | nobody       | nobody    |
 * | another, longer ago than it would take a running one       | nobody       | nobody    |
 * | another within that time, and the relay never wrote it     | the other    | nobody    |
 * | another within that time, after the relay had written it   | the other    | the other |
 */
export function heldBy(
  { statusWriters: { relay, other }, refreshInterval }: DeclaredObject,
  takeOver: boolean,
  now: Date,
): string | undefined {
  if (other === undefined || (relay !== undefined && other.at <= relay)) return undefined;
  const window = (refreshInterval?.seconds ?? 0) * 1000 + LATE_MS;
  if (now.getTime() - other.at.getTime() >= window) return undefined;
  return takeOver && relay === undefined ? undefined : other.manager;
}
