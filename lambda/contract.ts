/** Names that the run time, the infrastructure and the clusters share: change one here or nowhere. */

/** The field manager of every write (https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers). */
export const FIELD_MANAGER = 'keyrelay';

/** The labels of Secrets that the relay writes. */
export const LABEL = {
  /** `keyrelay` on a Secret that the relay manages as a whole (creation policy Owner or Orphan). */
  managedBy: 'app.kubernetes.io/managed-by',
  /** `true` on somebody else's Secret in which the relay owns some keys (creation policy Merge or CreateOrMerge). */
  mergeTarget: 'keyrelay.dev/merge-target',
} as const;

/** The field manager of what rollouts write: not that of the data, whose fields an apply would otherwise take away. */
export const ROLLOUT_FIELD_MANAGER = 'keyrelay-rollouts';

/** The value of `LABEL.managedBy`. */
export const MANAGED_BY = 'keyrelay';

/** The label of what the deployment applies to a cluster: the name of the relay that it is for. */
export const INSTANCE_LABEL = 'app.kubernetes.io/instance';

/** Beginning of the names of the relay's own annotations. */
export const ANNOTATION_PREFIX = 'keyrelay.dev/';

/** The annotations of Secrets that the relay writes. None holds a value or anything from which one could be guessed. */
export const ANNOTATION = {
  /** `namespace/name` of the ExternalSecret. */
  declaration: 'keyrelay.dev/declaration',
  /** SHA-256 of what the declaration asks for (never of a value): tells that the declaration changed. */
  declarationDigest: 'keyrelay.dev/declaration-digest',
  /** JSON object, source reference -> `{"id": version id, "created": ISO time}`: what the Secret holds. */
  versions: 'keyrelay.dev/versions',
  /** The creation policy that the Secret was written under: what to do when its declaration is gone. */
  creationPolicy: 'keyrelay.dev/creation-policy',
  /** A digest of the names (never the values) of the keys, labels and annotations that the relay wrote: tells drift without a value. */
  fields: 'keyrelay.dev/fields',
  /** Names the data that the Secret holds, made of version ids: changes when and only when a write changed the data. */
  revision: 'keyrelay.dev/revision',
  /** ISO time of the write that last changed the data. */
  changedAt: 'keyrelay.dev/changed-at',
  /** JSON: what that change was caused by, and when each step of it happened. */
  change: 'keyrelay.dev/change',
  /** JSON: the same of the last write, where that left the data as it was. */
  write: 'keyrelay.dev/write',
  /** JSON: which revision was last rolled out, and how that ended. Another revision than `revision` is one that is still to be rolled out. */
  rollout: 'keyrelay.dev/rollout',
  /** Which workloads are restarted, where the declaration says something else than the cluster's configuration. */
  rolloutPolicy: 'keyrelay.dev/rollout-policy',
} as const;

/** Types whose content is a credential of the cluster itself (https://kubernetes.io/docs/concepts/configuration/secret/#secret-types). */
export const FORBIDDEN_TYPES: readonly string[] = [
  'kubernetes.io/service-account-token',
  'bootstrap.kubernetes.io/token',
];

/** On an ExternalSecret: take over a Secret that somebody else manages. */
export const TAKE_OVER_ANNOTATION = 'keyrelay.dev/take-over';

/** The class of stores that are meant for the relay alone (`spec.controller` of SecretStore and ClusterSecretStore). */
export const CONTROLLER_CLASS = 'keyrelay';

/** On an ExternalSecret: which workloads are restarted when its Secret changes. */
export const ROLLOUT_ANNOTATION = 'keyrelay.dev/rollout';

/** What people write on workloads; `paused` on a namespace too. */
export const WORKLOAD_ANNOTATION = {
  /** `"true"`: restart for every Secret that it consumes; `"false"`: never; names of Secrets: for these. */
  restart: 'keyrelay.dev/restart',
  /** A whole number: it is restarted after all that have a smaller one. */
  wave: 'keyrelay.dev/rollout-wave',
  /** `"true"`: not now. */
  paused: 'keyrelay.dev/rollout-paused',
} as const;

/** Beginning of the annotations on pod templates: the name of a Secret follows, and the value is its revision. */
export const TEMPLATE_ANNOTATION_PREFIX = 'secret.keyrelay.dev/';

/** When a pod template was last annotated so. No Secret's name has a capital letter. */
export const RESTARTED_AT_ANNOTATION = 'secret.keyrelay.dev/restartedAt';

/** What every receipt says of itself as an event, and all that the functions may send. */
export const RECEIPT = { source: 'keyrelay', detailType: 'Keyrelay Receipt' } as const;

/** CloudWatch namespace of every metric. */
export const METRIC_NAMESPACE = 'Keyrelay';

/** A metric: what of it is known before it has a value. */
export interface Metric {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds';
  /** Beside `service`, the relay's name, which every metric has. */
  readonly by: readonly string[];
}

/** All that the functions measure; docs/operations.md says what it means and who publishes it, and a test compares the two. */
export const METRIC = {
  written: { name: 'SecretsWritten', unit: 'Count', by: [] },
  deleted: { name: 'SecretsDeleted', unit: 'Count', by: [] },
  inSync: { name: 'SecretsInSync', unit: 'Count', by: [] },
  driftRepaired: { name: 'DriftRepaired', unit: 'Count', by: [] },
  failed: { name: 'TargetsFailed', unit: 'Count', by: [] },
  failedByReason: { name: 'TargetsFailedByReason', unit: 'Count', by: ['cluster', 'reason'] },
  propagation: { name: 'PropagationLatency', unit: 'Milliseconds', by: [] },
  reportsFailed: { name: 'ReportsFailed', unit: 'Count', by: [] },
  restarted: { name: 'WorkloadsRestarted', unit: 'Count', by: [] },
  rolledOut: { name: 'RolloutsCompleted', unit: 'Count', by: [] },
  rolloutFailed: { name: 'RolloutsFailed', unit: 'Count', by: [] },
  podPropagation: { name: 'PodPropagationLatency', unit: 'Milliseconds', by: [] },
  receiptsFailed: { name: 'ReceiptsFailed', unit: 'Count', by: [] },
  swept: { name: 'SweptTargets', unit: 'Count', by: [] },
  sweptInSync: { name: 'SweptTargetsInSync', unit: 'Count', by: [] },
  sweepDuration: { name: 'SweepDuration', unit: 'Milliseconds', by: [] },
  apiCalls: { name: 'ApiCalls', unit: 'Count', by: ['api'] },
} as const satisfies Readonly<Record<string, Metric>>;

/** Environment of the functions, as the infrastructure sets it and `runtime.ts` reads it. */
export const ENV = {
  /** Path of the compiled configuration; beside the bundle where unset. */
  config: 'KEYRELAY_CONFIG',
  /** The account that the functions run in: a batch read reaches its secrets only. */
  account: 'KEYRELAY_ACCOUNT',
  pushQueue: 'KEYRELAY_PUSH_QUEUE_URL',
  shardQueue: 'KEYRELAY_SHARD_QUEUE_URL',
  rolloutQueue: 'KEYRELAY_ROLLOUT_QUEUE_URL',
  deadLetterQueue: 'KEYRELAY_DEAD_LETTER_QUEUE_URL',
  /** How often a queue delivers a message before it moves it to the dead-letter queue. */
  maxReceives: 'KEYRELAY_MAX_RECEIVES',
  /** ARN of the role that the installer runs as: it lets itself into clusters by it. */
  installerRole: 'KEYRELAY_INSTALLER_ROLE_ARN',
  /** Path of the manifests that the installer applies; beside the bundle where unset. */
  manifests: 'KEYRELAY_MANIFESTS',
} as const;
