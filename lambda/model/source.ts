import type { RelayError } from '../errors.ts';
import type { Sensitive } from '../sensitive.ts';
import type { SourceRef } from './declaration.ts';

/** The version that a Secret holds or a source returned. */
export interface SourceVersion {
  /** Opaque id (not a hash of the value). */
  readonly id: string;
  /** When that version was created; undefined where the source did not say. */
  readonly created: Date | undefined;
}

export type Payload =
  | { readonly kind: 'text'; readonly text: Sensitive<string> }
  | { readonly kind: 'binary'; readonly bytes: Sensitive<Uint8Array> };

/** One value as it was read. */
export interface SourceValue {
  readonly ref: SourceRef;
  readonly version: SourceVersion;
  readonly payload: Payload;
}

export type SourceResult =
  | { readonly kind: 'value'; readonly value: SourceValue }
  | { readonly kind: 'failure'; readonly error: RelayError };

/** What a declaration is rendered from. */
export interface Inputs {
  readonly values: SourceResults;
  /** By `findId(query)`. */
  readonly finds: ReadonlyMap<string, FindResult>;
  readonly objects: TemplateObjects;
}

/** A ConfigMap or Secret of the cluster that holds templates. */
export interface TemplateObject {
  /** Its `resourceVersion`: changes when its content does. */
  readonly version: string;
  readonly data: ReadonlyMap<string, Sensitive<Uint8Array>>;
}

/** By `templateObjectId`; holds an entry for every object that was asked for. */
export type TemplateObjects = ReadonlyMap<
  string,
  | { readonly kind: 'object'; readonly object: TemplateObject }
  | { readonly kind: 'failure'; readonly error: RelayError }
>;

/** By `sourceId(ref)`; holds an entry for every ref that was asked for. */
export type SourceResults = ReadonlyMap<string, SourceResult>;

/** What `dataFrom[].find` asks for; all that is given must hold. */
export interface FindQuery {
  /** Name of the store in the configuration. */
  readonly store: string;
  /** The beginning of the name (Secrets Manager) or the hierarchy (Parameter Store). */
  readonly path?: string;
  /** A regular expression in RE2's syntax that some part of the name matches. */
  readonly name?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The store's own limit (`Store.secrets`): set from its configuration, never by a declaration. */
  readonly within?: readonly string[] | undefined;
}

/** The identity of a query, fit for a map key and for messages. */
export function findId({ store, path, name, tags }: FindQuery): string {
  const wanted = Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const parts = [
    ...(path === undefined ? [] : [`path=${JSON.stringify(path)}`]),
    ...(name === undefined ? [] : [`name=${JSON.stringify(name)}`]),
    ...wanted.map(([key, value]) => `tag ${JSON.stringify(key)}=${JSON.stringify(value)}`),
  ];
  return `${store}:find(${parts.join(', ')})`;
}

/** All that a query found, or why that is not known: never a part. */
export type FindResult =
  | { readonly kind: 'found'; readonly values: readonly SourceValue[] }
  | { readonly kind: 'failure'; readonly error: RelayError };

/** What a survey is asked for. */
export interface SurveyRequest {
  readonly refs: readonly SourceRef[];
  readonly queries: readonly FindQuery[];
}

/**
 * Which versions there are, told by whatever tells it without a value. It may lag by minutes, so it only ever serves to conclude that nothing
 * needs to change: what it does not tell, or tells otherwise than a Secret says, is read (guarantee 2).
 */
export interface Survey {
  /** By `sourceId`: the id that a read would give as the version's. What is not known is absent. */
  readonly versions: ReadonlyMap<string, string>;
  /** By `findId`: what a find would find. What is not known is absent. */
  readonly members: ReadonlyMap<string, readonly SourceRef[]>;
  /** Why something is not known, where that is more than the absence of a secret. */
  readonly failures: readonly RelayError[];
}

/** The survey of a store that tells nothing without a value: everything is read. */
export const NOTHING_KNOWN: Survey = { versions: new Map(), members: new Map(), failures: [] };

/** A store of secrets. One file in `lambda/sources/` implements it for each kind of store. */
export interface SecretSource {
  /**
   * Reads the values afresh: nothing is cached. One failing secret is a failure in its own entry and never fails the call.
   *
   * @param signal ends the call early; entries that were not read then fail with DEADLINE
   */
  read(refs: readonly SourceRef[], signal: AbortSignal): Promise<SourceResults>;

  /**
   * Reads every secret that the query matches and the store may read, by name in order; each value's `ref.key` is the full name.
   * A page or value that cannot be read fails the whole, for a shorter answer would delete keys.
   */
  find(query: FindQuery, signal: AbortSignal): Promise<FindResult>;

  /**
   * Tells versions without reading a value, in as few calls as the store allows. Never throws: what cannot be told is left out.
   */
  survey(request: SurveyRequest, signal: AbortSignal): Promise<Survey>;
}
