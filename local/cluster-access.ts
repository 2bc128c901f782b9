import type { AdminClient } from './admin-client.ts';

/** The Kubernetes group of the relay's access entry. */
export const RELAY_GROUP = 'keyrelay';

const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces';

/** Creates the namespace and lets the relay write Secrets in it, and do nothing else. */
export async function allowNamespace(admin: AdminClient, namespace: string): Promise<void> {
  await admin.create('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  await admin.create(`${RBAC}/${namespace}/roles`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'keyrelay' },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'create', 'patch', 'delete'] }],
  });
  await admin.create(`${RBAC}/${namespace}/rolebindings`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'keyrelay' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'keyrelay' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: RELAY_GROUP }],
  });
}
