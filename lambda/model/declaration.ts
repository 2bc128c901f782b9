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

/** One `spec.data[]` item: one value, or one property of it, becomes one key. */
export interface DataItem {
  readonly secretKey: string;
  readonly ref: SourceRef;
  readonly property: string | undefined;
}

/** One `spec.dataFrom[].extract` item: every member of a JSON object becomes a key. */
export interface ExtractItem {
  readonly ref: SourceRef;
  readonly property: string | undefined;
}

/** `spec.target.template`, as far as it needs no template engine. */
export interface TargetTemplate {
  readonly type: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface DeclarationTarget {
  /** Name of the Secret; it lies in the declaration's namespace. */
  readonly name: string;
  readonly creationPolicy: CreationPolicy;
  readonly deletionPolicy: DeletionPolicy;
  readonly template: TargetTemplate;
}

/** The object in a cluster that a declaration came from. */
export interface Origin {
  readonly uid: string;
  /** Counts the changes of its spec. */
  readonly generation: number;
}

/** One ExternalSecret in one namespace, for the clusters that it names. */
export interface Declaration {
  readonly namespace: string;
  readonly name: string;
  /** Names of the clusters that it is for; selectors are resolved when the files are compiled. */
  readonly clusters: readonly string[];
  /** Whether it may adopt a Secret that someone else manages (annotation `keyrelay.dev/take-over: "true"`). */
  readonly takeOver: boolean;
  /** `dataFrom`, applied first and in order. */
  readonly extracts: readonly ExtractItem[];
  /** `data`, applied after `dataFrom`, in order: a later key wins, as in ESO. */
  readonly data: readonly DataItem[];
  readonly target: DeclarationTarget;
  /** SHA-256, hex, of all that decides what is rendered; changes when and only when that does. */
  readonly digest: string;
  /** Undefined for one that was declared in a file. */
  readonly origin?: Origin;
}

/** `namespace/name`, as in the annotation on the Secret and in messages. */
export function declarationId(declaration: Pick<Declaration, 'namespace' | 'name'>): string {
  return `${declaration.namespace}/${declaration.name}`;
}

/** The distinct sources that a declaration reads, in order of first use. */
export function sourcesOf(declaration: Declaration): readonly SourceRef[] {
  const refs = [...declaration.extracts, ...declaration.data].map((item) => item.ref);
  return [...new Map(refs.map((ref) => [sourceId(ref), ref])).values()];
}

/** Whether the relay owns some keys of a Secret and not the whole. */
export function merges({ target }: Declaration): boolean {
  return target.creationPolicy === 'Merge' || target.creationPolicy === 'CreateOrMerge';
}
