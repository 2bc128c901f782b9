import { INSTANCE_LABEL, LABEL, MANAGED_BY } from '../../lambda/contract.ts';
import type { Manifest } from '../../lambda/model/manifest.ts';

/**
 * What the relay does with Secrets, and no more. It creates with POST and updates with PATCH, so it needs no `update`; and no `watch`,
 * because it comes and goes. `list` cannot be limited to what it manages
 * (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources), which is why its namespaces are named one by one.
 */
const SECRET_VERBS = ['get', 'list', 'create', 'patch', 'delete'];

const API = 'rbac.authorization.k8s.io';

/** The Role and RoleBinding that let a group write Secrets in one namespace. */
export function namespaceAccess(group: string, namespace: string): readonly Manifest[] {
  const labels = { [LABEL.managedBy]: MANAGED_BY, [INSTANCE_LABEL]: group };
  const metadata = { name: group, namespace, labels };
  return [
    {
      apiVersion: `${API}/v1`,
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: SECRET_VERBS }],
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
