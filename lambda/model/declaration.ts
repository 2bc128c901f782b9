import type { DeclaredObject } from './declared-object.ts';
import type { RolloutPolicy } from './rollout.ts';
import { findId } from './source.ts';
import type { FindQuery } from './source.ts';
import type { DecodingStrategy, Rewrite } from './value-options.ts';

/** What people declare: the ExternalSecret as the relay understands it, parsed and with every default filled in. */

export type CreationPolicy = 'Owner' | 'Orphan' | 'Merge' | 'CreateOrMerge' | 'None';
export type DeletionPolicy = 'Retain' | 'Delete' | 'Merge';

/** Names one value of one secret in one store; `version` as written: a stage, or `uuid/` and a version id. */
export interface SourceRef {
  /** Name of the store in the configuration. */
  readonly store: string;
  /** Name, full ARN or partial ARN. */
  readonly key: string;
  readonly version: string;
  /** Reads the tags, as one JSON object, and not the value. */
  readonly metadata?: 'Fetch';
}

/** The identity of a SourceRef, fit for a map key; also how it is called in annotations and messages. */
export function sourceId(ref: SourceRef): string {
  const version = ref.version === 'AWSCURRENT' ? '' : `@${ref.version}`;
  return `${ref.store}:${ref.key}${version}${ref.metadata === undefined ? '' : '#metadata'}`;
}

/** What is done with a value as it is read; absent: nothing. */
export interface ValueOptions {
  readonly decoding?: Exclude<DecodingStrategy, 'None'>;
  readonly nullBytes?: 'Fail';
}

/** One `spec.data[]` item: one value, or one property of it, becomes one key. */
export interface DataItem extends ValueOptions {
  readonly secretKey: string;
  readonly ref: SourceRef;
  readonly property: string | undefined;
}

/** What is done with the keys of a `spec.dataFrom[]` item; where they are rewritten, they are not converted as well. */
export interface KeyOptions {
  readonly conversion?: 'Unicode';
  readonly rewrite?: readonly Rewrite[];
}

/** Every member of a JSON object becomes a key. */
export interface ExtractItem extends ValueOptions, KeyOptions {
  readonly kind: 'extract';
  readonly ref: SourceRef;
  readonly property: string | undefined;
}

/** Every secret that is found becomes a key. */
export interface FindItem extends ValueOptions, KeyOptions {
  readonly kind: 'find';
  readonly query: FindQuery;
}

export type DataFromItem = ExtractItem | FindItem;

/** An object of the cluster whose keys hold templates. */
export interface TemplateObjectRef {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
}

/** `ConfigMap/name`, as a map key, in the annotation of versions and in messages. */
export function templateObjectId({ kind, name }: TemplateObjectRef): string {
  return `${kind}/${name}`;
}

/** One template of `templateFrom`, and where its result goes. */
export type TemplateSource = {
  readonly target: 'Data' | 'Labels' | 'Annotations';
  readonly decoding?: Exclude<DecodingStrategy, 'None'>;
} & (
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'object';
      readonly object: TemplateObjectRef;
      readonly key: string;
      /** The value of the key of this name, or a YAML mapping of keys and values. */
      readonly as: 'Values' | 'KeysAndValues';
    }
);

/** `spec.target.template`. */
export interface TargetTemplate {
  /** Undefined: `Opaque` on creation. */
  readonly type: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  /** Whether labels and annotations are templates; those that are taken over from the ExternalSecret are not. */
  readonly engine?: true;
  /** Templates by key; they win over `from`. */
  readonly data?: Readonly<Record<string, string>>;
  readonly from?: readonly TemplateSource[];
  /** Whether keys without a template stay beside those with one. */
  readonly merge?: true;
}

export interface DeclarationTarget {
  /** Name of the Secret; it lies in the declaration's namespace. */
  readonly name: string;
  readonly creationPolicy: CreationPolicy;
  readonly deletionPolicy: DeletionPolicy;
  readonly template: TargetTemplate;
  readonly immutable?: true;
}

/** When the Secret follows its sources; absent: always. A missing Secret is written under every policy, and drift while nothing else changed. */
export interface Refresh {
  /** `CreatedOnce` writes the Secret where it is missing and never again, `OnChange` when the declaration changes. */
  readonly policy?: 'CreatedOnce' | 'OnChange';
  readonly windows?: SyncWindows;
}

/** Times in which new values are written, or are not. */
export interface SyncWindows {
  readonly kind: 'allow' | 'deny';
  readonly windows: readonly SyncWindow[];
}

export interface SyncWindow {
  /** When the window opens: cron with five fields, in UTC, or a word such as `@daily`; or so many seconds after any moment. */
  readonly opens:
    | { readonly kind: 'cron'; readonly expression: string }
    | { readonly kind: 'every'; readonly seconds: number };
  /** How long it stays open. */
  readonly seconds: number;
}

/** Which namespaces of a cluster something is for: those that any selector selects by their labels, and those that are named. */
export interface NamespaceSelection {
  readonly selectors: readonly LabelSelector[];
  readonly names: readonly string[];
}

/** All of it must hold. */
export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values: readonly string[];
  }[];
}

/** One ExternalSecret in one namespace, for the clusters that it names. */
export interface Declaration {
  readonly namespace: string;
  readonly name: string;
  /** Names of the clusters that it is for; selectors are resolved when the files are compiled. */
  readonly clusters: readonly string[];
  /** Set by a ClusterExternalSecret in a file: it counts where any of them selects its namespace, which only the cluster can tell. */
  readonly selectors?: readonly LabelSelector[];
  /** Whether it may adopt a Secret that someone else manages (annotation `keyrelay.dev/take-over: "true"`). */
  readonly takeOver: boolean;
  /** Applied first and in order. */
  readonly dataFrom: readonly DataFromItem[];
  /** `data`, applied after `dataFrom`, in order: a later key wins, as in ESO. */
  readonly data: readonly DataItem[];
  readonly target: DeclarationTarget;
  readonly refresh?: Refresh;
  /** Which workloads are restarted when the Secret changes (annotation `keyrelay.dev/rollout`); absent: as the cluster's configuration says. */
  readonly rollout?: RolloutPolicy;
  /** SHA-256, hex, of all that decides what is rendered; changes when and only when that does. */
  readonly digest: string;
  /** The object in a cluster that it came from; undefined for one that was declared in a file. */
  readonly origin?: DeclaredObject;
}

/** `namespace/name`, as in the annotation on the Secret and in messages. */
export function declarationId(declaration: Pick<Declaration, 'namespace' | 'name'>): string {
  return `${declaration.namespace}/${declaration.name}`;
}

/** The distinct sources that a declaration names, in order of first use; what its finds find is not among them. */
export function sourcesOf(declaration: Pick<Declaration, 'dataFrom' | 'data'>): readonly SourceRef[] {
  const extracted = declaration.dataFrom.flatMap((item) => (item.kind === 'extract' ? [item.ref] : []));
  const refs = [...extracted, ...declaration.data.map((item) => item.ref)];
  return [...new Map(refs.map((ref) => [sourceId(ref), ref])).values()];
}

/** The distinct finds of a declaration. */
export function findsOf({ dataFrom }: Pick<Declaration, 'dataFrom'>): readonly FindQuery[] {
  const queries = dataFrom.flatMap((item) => (item.kind === 'find' ? [item.query] : []));
  return [...new Map(queries.map((query) => [findId(query), query])).values()];
}

/** The distinct objects of the cluster that hold templates of a declaration. */
export function templateObjectsOf({ target }: Declaration): readonly TemplateObjectRef[] {
  const refs = (target.template.from ?? []).flatMap((item) => (item.kind === 'object' ? [item.object] : []));
  return [...new Map(refs.map((ref) => [templateObjectId(ref), ref])).values()];
}

/** Whether the relay owns some keys of a Secret and not the whole. */
export function merges({ target }: Declaration): boolean {
  return target.creationPolicy === 'Merge' || target.creationPolicy === 'CreateOrMerge';
}
