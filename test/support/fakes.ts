import { ANNOTATION, FIELD_MANAGER } from '../../lambda/contract.ts';
import { RelayError } from '../../lambda/errors.ts';
import { sourceId } from '../../lambda/model/declaration.ts';
import type { SourceRef } from '../../lambda/model/declaration.ts';
import type { Clock, ClusterObjects, ClusterSecrets, Tracing, Written } from '../../lambda/model/ports.ts';
import { NOTHING_KNOWN } from '../../lambda/model/source.ts';
import type {
  FindQuery,
  FindResult,
  SecretSource,
  SourceResult,
  SourceResults,
  Survey,
  SurveyRequest,
} from '../../lambda/model/source.ts';
import { targetId } from '../../lambda/model/target.ts';
import type {
  DesiredSecret,
  HeldSecret,
  ListedSecret,
  Observed,
  Owners,
  Precondition,
  Removal,
  Target,
} from '../../lambda/model/target.ts';
import type { Ports } from '../../lambda/relay/ports.ts';
import { Sensitive } from '../../lambda/sensitive.ts';
import { aFailure, aText, textOf } from './builders.ts';
import { FakeReports } from './fake-reports.ts';

interface Stored {
  readonly target: Target;
  readonly observed: Observed;
  readonly data: Readonly<Record<string, string>>;
}

/** A cluster in memory that keeps the API server's promises about resourceVersion, uid and 409. */
export class FakeCluster implements ClusterSecrets {
  readonly objects = new Map<string, Stored>();
  /** Every write, in order, in a word. */
  readonly writes: string[] = [];
  /** Called before each operation: a test throws from it, or changes the world between two steps. */
  before: (operation: string, target: string) => void | Promise<void> = () => undefined;
  #version = 100;

  async observe(target: Target): Promise<Observed | undefined> {
    await this.before('observe', targetId(target));
    return this.objects.get(targetId(target))?.observed;
  }

  async listManaged(cluster: string, namespace: string): Promise<readonly ListedSecret[]> {
    await this.before('list', `${cluster}/${namespace}`);
    return [...this.objects.values()].filter(
      ({ target }) => target.cluster === cluster && target.namespace === namespace,
    );
  }

  async create(desired: DesiredSecret): Promise<Written> {
    await this.before('create', targetId(desired.target));
    if (this.objects.has(targetId(desired.target))) throw contended(desired.target);
    return this.#store(desired, 'create');
  }

  listWritten(cluster: string, namespace: string): Promise<readonly ListedSecret[]> {
    return this.listManaged(cluster, namespace);
  }

  async record(target: Target, rollout: string, precondition: Precondition): Promise<Written> {
    await this.before('record', targetId(target));
    const stored = this.#check(target, precondition);
    const annotations = { ...stored.observed.annotations, [ANNOTATION.rollout]: rollout };
    return this.#put({ ...stored, observed: { ...stored.observed, annotations } }, 'record');
  }

  async hold(target: Target, precondition: Precondition): Promise<HeldSecret> {
    await this.before('hold', targetId(target));
    const { observed, data } = this.#check(target, precondition);
    const bytes = Object.entries(data).map(
      ([key, text]) => [key, new Sensitive(new TextEncoder().encode(text))] as const,
    );
    return { annotations: observed.annotations, data: new Map(bytes) };
  }

  async apply(desired: DesiredSecret, precondition: Precondition): Promise<Written> {
    await this.before('apply', targetId(desired.target));
    this.#check(desired.target, precondition);
    return this.#store(desired, 'apply');
  }

  async prune(
    target: Target,
    { keys, marks, ownerReferences }: Removal,
    precondition: Precondition,
  ): Promise<Written> {
    await this.before('prune', targetId(target));
    const stored = this.#check(target, precondition);
    const drop = <T>(entries: Iterable<readonly [string, T]>, dropped: readonly string[]): [string, T][] =>
      [...entries].flatMap(([key, value]) => (dropped.includes(key) ? [] : [[key, value]]));
    const { observed } = stored;
    const dropFrom = <T>(record: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
      Object.fromEntries(drop(Object.entries(record), names));
    const pruned = {
      ...observed,
      keyOwners: new Map(drop(observed.keyOwners, keys)),
      labels: dropFrom(observed.labels, marks?.labels ?? []),
      annotations: dropFrom(observed.annotations, marks?.annotations ?? []),
      ownerReferences: ownerReferences ?? observed.ownerReferences,
    };
    return this.#put({ target, observed: pruned, data: dropFrom(stored.data, keys) }, 'prune');
  }

  async remove(target: Target, precondition: Precondition): Promise<void> {
    await this.before('remove', targetId(target));
    if (!this.objects.has(targetId(target))) return;
    this.#check(target, precondition);
    this.objects.delete(targetId(target));
    this.writes.push(`remove ${targetId(target)}`);
  }

  /** Somebody else's write. */
  put(
    target: Target,
    observed: Omit<Observed, 'resourceVersion'>,
    data: Readonly<Record<string, string>> = {},
  ): void {
    this.#put({ target, observed: { ...observed, resourceVersion: '' }, data }, undefined);
  }

  #check(target: Target, precondition: Precondition): Stored {
    const stored = this.objects.get(targetId(target));
    if (
      stored?.observed.resourceVersion !== precondition.resourceVersion ||
      stored.observed.uid !== precondition.uid
    )
      throw contended(target);
    return stored;
  }

  #store(desired: DesiredSecret, verb: string): Written {
    const before = this.objects.get(targetId(desired.target));
    const data = textOf(desired.data);
    const owners = [...(before?.observed.keyOwners ?? [])].filter(([key]) => !(key in data));
    const observed: Observed = {
      uid: before?.observed.uid ?? `uid-${this.#version}`,
      resourceVersion: '',
      labels: { ...before?.observed.labels, ...desired.labels },
      annotations: { ...before?.observed.annotations, ...desired.annotations },
      keyOwners: new Map([
        ...owners,
        ...Object.keys(data).map((key) => [key, new Set([FIELD_MANAGER])] as const),
      ]),
      metadataOwners: {
        labels: ownedByRelay(desired.labels),
        annotations: ownedByRelay(desired.annotations),
      },
      writtenAt: new Date(0),
      ownerReferences:
        before?.observed.ownerReferences ?? (desired.owner === undefined ? [] : [desired.owner]),
      terminating: false,
    };
    return this.#put({ target: desired.target, observed, data: { ...before?.data, ...data } }, verb);
  }

  #put(stored: Stored, verb: string | undefined): Written {
    this.#version += 1;
    const observed = { ...stored.observed, resourceVersion: String(this.#version) };
    this.objects.set(targetId(stored.target), { ...stored, observed });
    if (verb !== undefined) this.writes.push(`${verb} ${targetId(stored.target)}`);
    return { uid: observed.uid, resourceVersion: observed.resourceVersion };
  }
}

function ownedByRelay(fields: Readonly<Record<string, string>>): Owners {
  return new Map(Object.keys(fields).map((name) => [name, new Set([FIELD_MANAGER])]));
}

function contended(target: Target): RelayError {
  return new RelayError('TARGET_CONTENDED', `${targetId(target)} is no longer what was observed`);
}

/** A source in memory; each ref answers with its queue of results, the last of them for ever. */
export class FakeSource implements SecretSource {
  readonly answers = new Map<string, SourceResult[]>();
  /** The ids of each read, in order. */
  readonly reads: string[][] = [];
  readonly finds: FindQuery[] = [];
  /** What each find answers. */
  found: FindResult = { kind: 'found', values: [] };
  /** The ids of each survey, in order. */
  readonly surveys: string[][] = [];
  /** What each survey answers. */
  surveyed: Survey = NOTHING_KNOWN;
  before: () => void = () => undefined;

  set(ref: SourceRef, ...results: SourceResult[]): this {
    this.answers.set(sourceId(ref), results);
    return this;
  }

  read(refs: readonly SourceRef[]): Promise<SourceResults> {
    this.before();
    this.reads.push(refs.map(sourceId));
    return Promise.resolve(new Map(refs.map((ref) => [sourceId(ref), this.#next(ref)])));
  }

  find(query: FindQuery): Promise<FindResult> {
    this.before();
    this.finds.push(query);
    return Promise.resolve(this.found);
  }

  survey({ refs }: SurveyRequest): Promise<Survey> {
    this.surveys.push(refs.map(sourceId));
    return Promise.resolve(this.surveyed);
  }

  #next(ref: SourceRef): SourceResult {
    const queue = this.answers.get(sourceId(ref)) ?? [];
    const result = (queue.length > 1 ? queue.shift() : queue[0]) ?? aFailure('SOURCE_NOT_FOUND');
    return result.kind === 'value' ? { kind: 'value', value: { ...result.value, ref } } : result;
  }
}

/** A clock that jumps instead of waiting. */
export class FakeClock implements Clock {
  readonly slept: number[] = [];
  time = new Date('2026-02-01T00:00:00Z');

  now(): Date {
    return this.time;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(new RelayError('DEADLINE', 'no time left'));
    this.slept.push(ms);
    this.time = new Date(this.time.getTime() + ms);
    return Promise.resolve();
  }
}

/** Runs each step and records nothing. */
export const noTracing: Tracing = { step: (_name, _about, run) => run(), header: () => undefined };

/** A cluster in which nobody declares anything. */
export const NO_OBJECTS: ClusterObjects = {
  externalSecrets: [],
  clusterExternalSecrets: [],
  secretStores: [],
  clusterSecretStores: [],
  namespaces: [],
};

/** Ports over fakes, with the fakes at hand. */
export function fakePorts(): Ports & {
  readonly secrets: FakeCluster;
  readonly source: FakeSource;
  readonly clock: FakeClock;
  readonly reports: FakeReports;
} {
  const source = new FakeSource();
  source.set({ store: 'aws', key: 'shop/db', version: 'AWSCURRENT' }, aText('fake'));
  return {
    secrets: new FakeCluster(),
    source,
    sourceOf: () => source,
    templates: { read: () => Promise.resolve(new Map()) },
    reports: new FakeReports(),
    declared: { list: () => Promise.resolve(NO_OBJECTS), namespaces: () => Promise.resolve([]) },
    clock: new FakeClock(),
    tracing: noTracing,
    random: () => 0.5,
    concurrency: 4,
  };
}
