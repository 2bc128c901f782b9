import { RelayError } from '../../../lambda/errors.ts';
import { sourceId } from '../../../lambda/model/declaration.ts';
import type { Service } from '../../../lambda/model/config.ts';
import { NAMING } from '../../../lambda/model/naming.ts';
import type { SourceRef } from '../../../lambda/model/declaration.ts';
import { NOTHING_KNOWN } from '../../../lambda/model/source.ts';
import type {
  FindQuery,
  FindResult,
  Payload,
  SecretSource,
  SourceResult,
  SourceResults,
  SourceValue,
  Survey,
} from '../../../lambda/model/source.ts';
import { findByName } from '../../../lambda/sources/find.ts';
import { tagsValue } from '../../../lambda/sources/tags.ts';
import { Sensitive } from '../../../lambda/sensitive.ts';
import type { Stored } from './case-format.ts';

/** The store of a case: what AWS would answer, without AWS. */
export class MemorySource implements SecretSource {
  readonly #service: Service;
  readonly #stored: readonly Stored[];

  constructor(service: Service, stored: readonly Stored[]) {
    this.#service = service;
    this.#stored = stored;
  }

  read(refs: readonly SourceRef[], signal: AbortSignal): Promise<SourceResults> {
    const answer = (ref: SourceRef): SourceResult =>
      signal.aborted ? failure('DEADLINE', ref) : this.#answer(ref);
    return Promise.resolve(new Map(refs.map((ref) => [sourceId(ref), answer(ref)])));
  }

  /** Names are matched by the code that the real stores share; which are listed at all is what AWS decides. */
  find(query: FindQuery, signal: AbortSignal): Promise<FindResult> {
    const listed = this.#own()
      .filter((stored) => isListed(stored, query, this.#service))
      .map(({ name }) => name);
    return findByName(
      query,
      'secretsmanager:ListSecrets',
      () => Promise.resolve(listed),
      (refs) => this.read(refs, signal),
    );
  }

  survey(): Promise<Survey> {
    return Promise.resolve(NOTHING_KNOWN);
  }

  #answer(ref: SourceRef): SourceResult {
    const stored = this.#own().find(
      (each) => isCalled(each, ref.key, this.#service) && hasVersion(each, ref.version),
    );
    if (stored === undefined) return failure('SOURCE_NOT_FOUND', ref);
    switch (stored.state) {
      case 'deleted':
        return failure('SOURCE_DELETED', ref);
      case 'denied':
        return failure('SOURCE_DENIED', ref);
      case undefined:
        return { kind: 'value', value: valueOf(ref, stored) };
    }
  }

  /** What is stored may change under a test's hands. */
  #own(): readonly Stored[] {
    return this.#stored.filter(({ service = 'SecretsManager' }) => service === this.#service);
  }
}

function failure(
  code: 'SOURCE_NOT_FOUND' | 'SOURCE_DELETED' | 'SOURCE_DENIED' | 'DEADLINE',
  ref: SourceRef,
): SourceResult {
  return { kind: 'failure', error: new RelayError(code, `${sourceId(ref)} cannot be read`) };
}

/** A parameter is called by its ARN too, and with or without the slash before a name of one level. */
function isCalled({ name }: Stored, key: string, service: Service): boolean {
  if (service === 'SecretsManager') return name === key;
  const { candidates } = NAMING[service];
  return candidates(key).some((id) => candidates(name).includes(id));
}

/** `stages` are the labels of a parameter's version, and its number is the id. */
function hasVersion({ stages = ['AWSCURRENT'], versionId, service }: Stored, version: string): boolean {
  if (service === 'ParameterStore' && version === versionId) return true;
  return version.startsWith('uuid/') ? version === `uuid/${versionId ?? ''}` : stages.includes(version);
}

/** A path is the beginning of names, and of parameters a hierarchy. */
function isListed(
  { name, tags = {}, state }: Stored,
  { path = '', tags: wanted }: FindQuery,
  service: Service,
): boolean {
  const beginning = service === 'ParameterStore' ? `${path.replace(/\/$/u, '')}/` : path;
  return (
    state !== 'deleted' &&
    name.startsWith(beginning) &&
    Object.entries(wanted).every(([key, value]) => tags[key] === value)
  );
}

function valueOf(ref: SourceRef, stored: Stored): SourceValue {
  const version = versionOf(stored);
  if (ref.metadata === undefined) return { ref, version, payload: payloadOf(stored) };
  const tags = Object.entries(stored.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  return tagsValue(ref, tags, version.created);
}

function versionOf({ versionId = 'version-1' }: Stored): { readonly id: string; readonly created: Date } {
  return { id: versionId, created: new Date(Date.UTC(2026, 0, 1)) };
}

function payloadOf({ name, text, base64 }: Stored): Payload {
  if (text !== undefined && base64 === undefined) return { kind: 'text', text: new Sensitive(text) };
  if (base64 === undefined || text !== undefined)
    throw new Error(`${name} needs exactly one of text and base64`);
  return { kind: 'binary', bytes: new Sensitive(new Uint8Array(Buffer.from(base64, 'base64'))) };
}
