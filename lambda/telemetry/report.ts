import type { RelayError } from '../errors.ts';
import { askingEvents } from '../relay/outcome.ts';
import type { Outcome } from '../relay/outcome.ts';
import type { ReportFailure } from '../relay/report.ts';
import { logger } from './logger.ts';

/**
 * Says what became of each target: one structured line per decision, quiet ones at level DEBUG, each with the ids of the events that concern its own
 * target. Holds names, ids and codes only.
 */
export function logOutcomes(
  outcomes: readonly Outcome[],
  correlation: Readonly<Record<string, unknown>> = {},
): void {
  for (const outcome of outcomes) {
    const where = {
      ...outcome.target,
      declaration: outcome.declaration,
      attempts: outcome.attempts,
      eventIds: askingEvents(outcome),
      ...correlation,
    };
    switch (outcome.kind) {
      case 'written':
        logger.info('secret written', {
          ...where,
          action: outcome.action,
          reason: outcome.reason,
          versions: versionIds(outcome.versions),
          // Absent where the data is as it was.
          revision: outcome.revision,
        });
        break;
      case 'deleted':
        logger.info('secret deleted', { ...where, reason: outcome.reason });
        break;
      case 'kept':
        logger.debug('secret in sync', where);
        break;
      case 'skipped':
        logger.info('secret skipped', { ...where, reason: outcome.reason });
        break;
      case 'failed':
        logFailure('target failed', outcome.error, where);
        break;
    }
  }
}

/** A failure, by code and message. The error object stays here: a logger would print its cause chain. */
export function logFailure(what: string, error: RelayError, where: Readonly<Record<string, unknown>>): void {
  // For an unforeseen error the frames are all that helps to find it; they hold file names and positions.
  const frames = error.code === 'UNEXPECTED' ? { frames: framesOf(error) } : {};
  logger.error(what, {
    ...where,
    code: error.code,
    retryable: error.retryable,
    reason: error.message,
    ...frames,
  });
}

/** What a line about a report that could not be made has in common with the others of its change. */
export type CorrelationOf = (failure: ReportFailure) => Readonly<Record<string, unknown>>;

/** What is wrong with a whole cluster, or in a whole namespace, is not told ten thousand times. */
const MAX_REPORT_LINES = 10;

/** Statuses and Events that could not be written. */
export function logReportFailures(failures: readonly ReportFailure[], correlationOf: CorrelationOf): void {
  for (const failure of failures.slice(0, MAX_REPORT_LINES)) {
    const { error, ...where } = failure;
    logFailure('report failed', error, { ...where, ...correlationOf(failure) });
  }
  if (failures.length > MAX_REPORT_LINES)
    logger.error('more reports failed', { count: failures.length - MAX_REPORT_LINES });
}

/** An object of a cluster that cannot be brought about as it is, and why. */
export interface RefusedObject {
  readonly namespace: string;
  /** `namespace/name` of the ExternalSecret. */
  readonly declaration: string;
  readonly reason: string;
}

/** What tenants got wrong: their objects' status tells it to them, and this to whoever runs the relay. */
export function logRefused(
  refused: readonly RefusedObject[],
  correlation: Readonly<Record<string, unknown>>,
): void {
  for (const object of refused.slice(0, MAX_REPORT_LINES))
    logger.warn('declaration refused', { ...object, ...correlation });
  if (refused.length > MAX_REPORT_LINES)
    logger.warn('more declarations refused', { count: refused.length - MAX_REPORT_LINES, ...correlation });
}

/** Clusters whose own declarations could not be read. */
export function logUnknown(
  unknown: ReadonlyMap<string, RelayError>,
  correlation: Readonly<Record<string, unknown>>,
): void {
  for (const [cluster, error] of unknown)
    logFailure('declarations unknown', error, { cluster, ...correlation });
}

function framesOf(error: Error): readonly string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /u.test(line))
    .map((line) => line.trim());
}

function versionIds(
  versions: Extract<Outcome, { kind: 'written' }>['versions'],
): Readonly<Record<string, string>> {
  return Object.fromEntries([...versions].map(([source, version]) => [source, version.id]));
}
