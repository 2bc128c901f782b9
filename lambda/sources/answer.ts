import type { SourceRef } from '../model/declaration.ts';
import type { Payload, SourceResult } from '../model/source.ts';
import { Sensitive } from '../sensitive.ts';
import { sourceError } from './source-errors.ts';

/** What GetSecretValue and an entry of BatchGetSecretValue have in common. */
export interface Answer {
  readonly ARN?: string | undefined;
  readonly Name?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/** An answer as the relay keeps it: the value never leaves this function bare. */
export function toResult(ref: SourceRef, answer: Answer, created: Date | undefined): SourceResult {
  const payload = payloadOf(answer);
  if (answer.VersionId === undefined || payload === undefined) {
    const failure = { name: 'ResourceNotFoundException', message: '', status: undefined };
    return { kind: 'failure', error: sourceError(ref, failure) };
  }
  return { kind: 'value', value: { ref, version: { id: answer.VersionId, created }, payload } };
}

/** An empty string is a value; only a field that is absent is none. */
function payloadOf({ SecretString, SecretBinary }: Answer): Payload | undefined {
  if (SecretString !== undefined) return { kind: 'text', text: new Sensitive(SecretString) };
  return SecretBinary === undefined ? undefined : { kind: 'binary', bytes: new Sensitive(SecretBinary) };
}
