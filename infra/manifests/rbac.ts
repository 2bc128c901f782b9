import { INSTANCE_LABEL, LABEL, MANAGED_BY } from '../../lambda/contract.ts';
import type { Manifest } from '../../lambda/model/manifest.ts';

/**
 * What the relay does with Secrets, and no more. It creates with POST and updates with PATCH, so it needs no `update`; and no `watch`,
 * because it comes and goes. `list` cannot be limited to what it manages
 * (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources), which is why its namespaces are named one by one.
 */
const SECRET_VERBS = ['get', 'list', 'create', 'patch', 'delete'];

const API = 'rbac.authorization.k8s.io';

/** What reading declarations from a cluster, and telling there what became of them, takes in a namespace. */
const DECLARATION_RULES = [
  {
    apiGroups: ['external-secrets.io'],
    resources: ['externalsecrets', 'secretstores'],
    verbs: ['get', 'list'],
  },
  {
    apiGroups: ['external-secrets.io'],
    resources: ['externalsecrets/status', 'secretstores/status'],
    verbs: ['patch'],
  },
  // Owner references that hold back the deletion of their owner: what OwnerReferencesPermissionEnforcement asks for, where it is on
  // (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#ownerreferencespermissionenforcement).
  { apiGroups: ['external-secrets.io'], resources: ['externalsecrets/finalizers'], verbs: ['update'] },
  { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] },
];

/** As metadata only, page by page. */
const NAMESPACE_LABELS = { apiGroups: [''], resources: ['namespaces'], verbs: ['list'] };

/** Telling people what became of their Secrets. An Event that is there is counted up, without being read first. */
const EVENTS = { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] };

/** What restarting workloads takes; the fence limits it to annotations of pod templates. */
function rolloutRules(namespace: string): readonly object[] {
  const verbs = ['get', 'list', 'patch'];
  return [
    { apiGroups: ['apps'], resources: ['deployments', 'statefulsets', 'daemonsets'], verbs },
    { apiGroups: ['argoproj.io'], resources: ['rollouts'], verbs },
    { apiGroups: [''], resources: ['namespaces'], resourceNames: [namespace], verbs: ['get'] },
  ];
}

export interface AccessOptions {
  readonly group: string;
  /** Whether declarations are read from the cluster. */
  readonly declares: boolean;
  /** Names of the service accounts that the relay may ask for tokens of. */
  readonly serviceAccounts?: readonly string[];
  /** Names of the ConfigMaps that hold templates of what is declared in files. */
  readonly configMaps?: readonly string[];
  /** Whether workloads are restarted. */
  readonly restarts?: boolean;
}

/** The Role and RoleBinding that let a group write Secrets in one namespace. */
export function namespaceAccess(
  { group, declares, configMaps = [], serviceAccounts = [], restarts = false }: AccessOptions,
  namespace: string,
): readonly Manifest[] {
  const metadata = { name: group, namespace, labels: labelsOf(group) };
  const secrets = { apiGroups: [''], resources: ['secrets'], verbs: SECRET_VERBS };
  return [
    {
      apiVersion: `${API}/v1`,
      kind: 'Role',
      metadata,
      rules: [
        secrets,
        EVENTS,
        ...(declares ? DECLARATION_RULES : templateRules(configMaps)),
        ...tokenRules(serviceAccounts),
        ...(restarts ? rolloutRules(namespace) : []),
      ],
    },
    {
      apiVersion: `${API}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: API, kind: 'Role', name: group },
      subjects: [{ apiGroup: API, kind: 'Group', name: group }],
    },
  ];
}

/** Being service accounts to AWS: those that are named, by the role that they are annotated with and by tokens of them. */
function tokenRules(names: readonly string[]): readonly object[] {
  if (names.length === 0) return [];
  return [
    { apiGroups: [''], resources: ['serviceaccounts'], resourceNames: names, verbs: ['get'] },
    { apiGroups: [''], resources: ['serviceaccounts/token'], resourceNames: names, verbs: ['create'] },
  ];
}

/** Reading the ConfigMaps of `templateFrom`: those that are named, where the names are known. */
function templateRules(names: readonly string[]): readonly object[] {
  if (names.length === 0) return [];
  return [{ apiGroups: [''], resources: ['configmaps'], resourceNames: names, verbs: ['get'] }];
}

/**
 * What is not in any namespace: stores and ExternalSecrets for all, and the labels of namespaces, by which these select. `list` cannot be
 * limited to the relay's namespaces; what it tells of others is their names and labels.
 */
export function clusterAccess(group: string): readonly Manifest[] {
  return clusterRole(group, `${group}-declarations`, [
    {
      apiGroups: ['external-secrets.io'],
      resources: ['clustersecretstores', 'clusterexternalsecrets'],
      verbs: ['get', 'list'],
    },
    {
      apiGroups: ['external-secrets.io'],
      resources: ['clustersecretstores/status', 'clusterexternalsecrets/status'],
      verbs: ['patch'],
    },
    // As for ExternalSecrets: what they own goes with them.
    {
      apiGroups: ['external-secrets.io'],
      resources: ['clusterexternalsecrets/finalizers'],
      verbs: ['update'],
    },
    NAMESPACE_LABELS,
  ]);
}

/** The names and labels of namespaces alone, by which files select. */
export function labelAccess(group: string): readonly Manifest[] {
  return clusterRole(group, `${group}-namespaces`, [NAMESPACE_LABELS]);
}

function clusterRole(group: string, name: string, rules: readonly object[]): readonly Manifest[] {
  const metadata = { name, labels: labelsOf(group) };
  return [
    { apiVersion: `${API}/v1`, kind: 'ClusterRole', metadata, rules },
    {
      apiVersion: `${API}/v1`,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: API, kind: 'ClusterRole', name },
      subjects: [{ apiGroup: API, kind: 'Group', name: group }],
    },
  ];
}

function labelsOf(group: string): Readonly<Record<string, string>> {
  return { [LABEL.managedBy]: MANAGED_BY, [INSTANCE_LABEL]: group };
}
