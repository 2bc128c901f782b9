import type { ErrorCode, RelayError } from '../errors.ts';
import { changeMarks } from '../model/change-marks.ts';
import { merges } from '../model/declaration.ts';
import type { Declaration } from '../model/declaration.ts';
import type { Interval } from '../model/declared-object.ts';
import type { Outcome } from './outcome.ts';

/** What people are to read about an ExternalSecret. */
export interface Verdict {
  readonly ready: boolean;
  /** ESO's reasons, by which tools know them (its apis/externalsecrets/v1/externalsecret_types.go). */
  readonly reason: 'SecretSynced' | 'SecretDeleted' | 'SecretMissing' | 'SecretSyncedError';
  /** Begins with ESO's own words; holds no value. */
  readonly message: string;
  /** Whether the Secret was brought about just now, was found to be as it should, or neither. */
  readonly synced: 'written' | 'confirmed' | 'no';
  /** Whether the Secret is there. */
  readonly bound: boolean;
}

/** What came of a declaration. */
export interface Finding {
  readonly declaration: Declaration;
  readonly outcome: Outcome;
  /** How often everything is reconciled, where that is known. */
  readonly schedule: Interval | undefined;
}

/**
 * What the status of an ExternalSecret is to say, or undefined where it says nothing new. Pure.
 *
 * | outcome                                         | Ready | reason            | message                                                |
 * |-------------------------------------------------|-------|-------------------|--------------------------------------------------------|
 * | written, kept                                   | True  | SecretSynced      | secret synced, which revision, since when              |
 * | skipped: creation policy None                   | True  | SecretSynced      | secret synced                                          |
 * | skipped: outside its sync windows               | True  | SecretSynced      | secret synced, a newer version waits …                 |
 * | skipped: no source left, and it is kept         | True  | SecretSynced      | secret retained due to DeletionPolicy=…                |
 * | skipped: no source left, and none to be deleted | True  | SecretDeleted     | secret deleted due to DeletionPolicy=Delete            |
 * | deleted                                         | True  | SecretDeleted     | secret deleted due to DeletionPolicy=Delete            |
 * | skipped: nothing there to merge into            | True  | SecretMissing     | secret will not be created due to CreationPolicy=Merge |
 * | failed                                          | False | SecretSyncedError | what could not be done: the error                      |
 * | failed, and tried again within seconds          | -     | -                 | -                                                      |
 * | failed: another controller has it               | -     | -                 | -                                                      |
 * | failed: the cluster does not answer             | -     | -                 | -                                                      |
 */
export function verdictOf(finding: Finding): Verdict | undefined {
  const { declaration, outcome } = finding;
  switch (outcome.kind) {
    case 'written':
      return synced(finding, 'written');
    case 'kept':
      return synced(finding, 'confirmed');
    case 'deleted':
      return { ...DELETED, synced: 'written' };
    case 'failed':
      return isTold(outcome.error) ? failureVerdict(failureMessage(outcome.error)) : undefined;
    case 'skipped':
      switch (outcome.reason) {
        case 'target-missing':
          return { ...DONE, reason: 'SecretMissing', message: MISSING, bound: false };
        case 'policy-none':
          return { ...synced(finding, 'confirmed'), bound: false };
        case 'sync-window':
          return { ...DONE, message: `${SYNCED}, a newer version waits for its sync window` };
        case 'retained':
          return retained(declaration);
      }
  }
}

const SYNCED = 'secret synced';
const MISSING = 'secret will not be created due to CreationPolicy=Merge';

const DONE = {
  ready: true,
  reason: 'SecretSynced',
  message: SYNCED,
  synced: 'confirmed',
  bound: true,
} as const;
const DELETED = {
  ...DONE,
  reason: 'SecretDeleted',
  message: 'secret deleted due to DeletionPolicy=Delete',
  bound: false,
} as const;

function synced({ declaration, outcome, schedule }: Finding, how: 'written' | 'confirmed'): Verdict {
  const message = `${SYNCED}${changeNote(outcome)}${floorNote(declaration, schedule)}`;
  return { ...DONE, message, synced: how };
}

/** There is no field for it in ESO's CRDs. It says the same until the data changes, so that it has no status written on its own. */
function changeNote({ kind, annotations = {} }: Outcome): string {
  const { revision, change } = changeMarks(annotations);
  if (kind === 'skipped' || revision === undefined || change === undefined) return '';
  return `, revision ${revision} since ${change.written.toISOString()}`;
}

/** The kinds of CRDs have room for one condition, so that it stands in the message that the sweep does not come as often as was asked for. */
function floorNote({ origin, refresh }: Declaration, schedule: Interval | undefined): string {
  const asked = origin?.refreshInterval;
  if (asked === undefined || schedule === undefined || refresh?.policy !== undefined) return '';
  if (asked.seconds === 0 || asked.seconds >= schedule.seconds) return '';
  return ` (changes come by event; refreshInterval ${asked.text} is below the schedule ${schedule.text}, which repairs the rest)`;
}

function retained(declaration: Declaration): Verdict {
  const { deletionPolicy } = declaration.target;
  return deletionPolicy === 'Delete' && !merges(declaration)
    ? DELETED
    : { ...DONE, message: `secret retained due to DeletionPolicy=${deletionPolicy}` };
}

/** Ready=False, for a failure or a refusal. */
export function failureVerdict(message: string): Verdict {
  return { ready: false, reason: 'SecretSyncedError', message, synced: 'no', bound: false };
}

/** The retry comes within seconds, and would only make the status flicker. */
const FLEETING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'DEADLINE',
  'DECLARATION_CHANGED',
  'TARGET_CONTENDED',
  'WRITE_UNCERTAIN',
  'SOURCE_UNSETTLED',
]);

/** The status is the other controller's. */
const ESOS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['TARGET_OWNED_BY_ESO', 'ESO_STILL_RUNS']);

/** Whether another controller has the object or its Secret. */
export function isAnothers({ code }: RelayError): boolean {
  return ESOS.has(code);
}

/** Whether a failure is about the object, and will be there when somebody looks. */
function isTold({ code, clusterWide }: RelayError): boolean {
  return !FLEETING.has(code) && !ESOS.has(code) && !clusterWide;
}

/** Whether people should see an Event of a failure. */
export function isToldByEvent({ code, clusterWide }: RelayError): boolean {
  return !FLEETING.has(code) && !clusterWide;
}

const FROM_PROVIDER = 'could not get secret data from provider';

/** ESO's words for what could not be done, and the error, which says why and what to do. */
function failureMessage({ code, message }: RelayError): string {
  return `${whatFailed(code)}: ${message}`;
}

function whatFailed(code: ErrorCode): string {
  if (code.startsWith('SOURCE_') || VALUE_CODES.has(code)) return FROM_PROVIDER;
  if (code === 'TARGET_IMMUTABLE') return 'could not update secret, target is immutable';
  if (code === 'TARGET_NOT_OURS') return 'failed to take ownership of target secret';
  return 'could not update secret';
}

/** ESO finds these while it reads. */
const VALUE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'VALUE_NOT_JSON',
  'VALUE_NOT_OBJECT',
  'PROPERTY_NOT_FOUND',
  'KEY_INVALID',
  'KEY_CONFLICT',
  'DECODING_FAILED',
  'NULL_BYTES',
  'REWRITE_FAILED',
]);
