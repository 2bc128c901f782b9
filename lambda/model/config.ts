import type { Declaration } from './declaration.ts';
import type { Interval } from './declared-object.ts';
import type { StoreIdentity } from './identity.ts';
import type { ClusterRollouts, RolloutSettings } from './rollout.ts';

/** A cluster that the relay writes to. */
export interface Cluster {
  /** The EKS cluster's name in its account and region. */
  readonly name: string;
  readonly region: string;
  /** 12 digits. */
  readonly account: string;
  /** The role to assume for this cluster; the relay's own role where undefined. */
  readonly roleArn: string | undefined;
  readonly externalId: string | undefined;
  /** The namespaces that the relay may write to, by exact name. */
  readonly namespaces: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Where declarations for it come from; files where undefined. */
  readonly declarations?: 'files' | 'cluster' | 'both';
  /** What objects in the cluster may have read; nothing where undefined. */
  readonly allow?: readonly Allowance[];
  /** `none` where the relay may write no Kubernetes Events; it writes some where undefined. */
  readonly events?: 'none';
  /** Undefined: no workload is restarted, and the relay may not restart any. */
  readonly rollouts?: ClusterRollouts;
}

/** What the objects of some namespaces may have read: the boundary between the tenants of a cluster. */
export interface Allowance {
  readonly namespaces: readonly string[];
  /** Names of secrets, and beginnings of names with a `*` at the end. */
  readonly secrets: readonly string[];
  readonly regions: readonly string[];
  /** ARNs of roles that their stores may have the relay assume. */
  readonly roles: readonly string[];
  /** Service accounts as whose role their stores may read: of the namespaces, or `namespace/name`; none where undefined. */
  readonly serviceAccounts?: readonly string[];
  /** What tokens of these may be for; AWS alone where undefined. */
  readonly audiences?: readonly string[];
  /** Secrets of other namespaces, `namespace/name`, with keys that their stores may read with; none where undefined. */
  readonly credentials?: readonly string[];
  /** What their stores may be; Secrets Manager alone where undefined. */
  readonly services?: readonly Service[];
}

/** The services of AWS that are stores, as ESO calls them (https://external-secrets.io/latest/api/spec/). */
export const SERVICES = ['SecretsManager', 'ParameterStore'] as const;
export type Service = (typeof SERVICES)[number];

/** Whether stores of objects in a cluster may be of a service. */
export function allowsService({ services = ['SecretsManager'] }: Allowance, service: Service): boolean {
  return services.includes(service);
}

/** A place that secrets are read from. */
export interface Store {
  readonly name: string;
  readonly service: Service;
  readonly region: string;
  /** Put before every key that is read by name, as ESO does; a find sees whole names. */
  readonly prefix?: string;
  /** Names that it may find, and beginnings of names with a `*` at the end; any where undefined. */
  readonly secrets?: readonly string[];
  /** As whom it is read; as the relay itself where undefined. */
  readonly identity?: StoreIdentity;
}

export interface Settings {
  readonly garbageCollection: {
    /** 0 to 1: the largest share of a cluster's managed Secrets that one sweep may delete. */
    readonly maxShare: number;
    /** So many deletions are allowed whatever the share is. */
    readonly minimum: number;
    /** Seconds that an undeclared Secret is left alone after the relay last wrote it: a deployment in progress has two configurations. */
    readonly graceSeconds: number;
  };
  /** How many requests to one cluster run at once. */
  readonly clusterConcurrency: number;
  /** How often everything is reconciled; undefined where the schedule does not tell. */
  readonly schedule?: Interval;
  /** `ROLLOUT_SETTINGS` where undefined. */
  readonly rollouts?: RolloutSettings;
  /** Undefined: nobody is told by events. */
  readonly receipts?: ReceiptSettings;
}

/** Where receipts go, and when. */
export interface ReceiptSettings {
  /** Name or ARN of an event bus in the relay's region. */
  readonly bus: string;
  /** When all is over, or also when a Secret is written and its rollout is to come. */
  readonly when: 'end' | 'stages';
}

/** All that `cdk deploy` ships: `config/` compiled into one JSON document, so that the Lambda needs no YAML parser. */
export interface CompiledConfig {
  /** Increased with every incompatible change of this shape. */
  readonly formatVersion: 1;
  readonly clusters: readonly Cluster[];
  readonly stores: readonly Store[];
  readonly settings: Settings;
  readonly declarations: readonly Declaration[];
}
