import { setTimeout as sleep } from 'node:timers/promises';
import { admissionPolicy } from '../infra/manifests/admission.ts';
import { manifestPath } from '../lambda/model/manifest.ts';
import type { Manifest } from '../lambda/model/manifest.ts';
import { namespaceAccess } from '../infra/manifests/rbac.ts';
import type { AdminClient } from './admin-client.ts';

/** The Kubernetes group of the relay's access entry. */
export const RELAY_GROUP = 'keyrelay';

/** What the deployment's installer does to a cluster. */
export interface ClusterAccess {
  /** Creates the namespace and lets the relay write Secrets in it, and do nothing else. */
  allow(namespace: string): Promise<void>;
  /** Applies what was rendered for the cluster, and waits until the API server goes by it. */
  install(manifests: readonly Manifest[]): Promise<void>;
}

/** With `policies: false`, cluster-scoped objects are left out: the cluster is somebody's own. */
export function clusterAccess(
  admin: AdminClient,
  { policies }: { readonly policies: boolean },
): ClusterAccess {
  const namespaces = new Set<string>();
  let installed = '';
  /** A deployment would fail for want of the namespace; one that went away afterwards looks like this. */
  const hasPlace = async ({ metadata: { namespace } }: Manifest): Promise<boolean> =>
    namespace === undefined || (await admin.get(`/api/v1/namespaces/${namespace}`)) !== undefined;
  const install = async (manifests: readonly Manifest[]): Promise<void> => {
    const wanted = manifests.filter(({ metadata }) => policies || metadata.namespace !== undefined);
    const text = JSON.stringify(wanted);
    if (text === installed) return;
    for (const manifest of wanted) if (await hasPlace(manifest)) await applyTo(admin, manifest);
    if (policies) await effective(admin);
    installed = text;
  };
  return {
    install,
    allow: async (namespace) => {
      await admin.create('/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
      });
      namespaces.add(namespace);
      await install([
        ...admissionPolicy({ group: RELAY_GROUP, namespaces: [...namespaces], shared: [], declaring: [] }),
        ...[...namespaces].flatMap((name) => namespaceAccess({ group: RELAY_GROUP, declares: false }, name)),
      ]);
    },
  };
}

async function applyTo(admin: AdminClient, manifest: Manifest): Promise<void> {
  const path = manifestPath(manifest);
  if (path === undefined) throw new Error(`no path is known for a ${manifest.kind}`);
  await admin.apply(path, manifest);
}

const PROBE_MS = 20;
const MAX_PROBES = 1500;
let probes = 0;

/**
 * Waits until the API server goes by the policies that were applied before: its informer tells of policies in their order, so one that is
 * applied after them and denies a certain name is effective only when they are.
 */
async function effective(admin: AdminClient): Promise<void> {
  probes += 1;
  const denied = `probe-${process.pid}-${probes}`;
  for (const manifest of probePolicy(denied)) await applyTo(admin, manifest);
  for (let tries = 0; tries < MAX_PROBES; tries += 1) {
    if (!(await admin.admits('/api/v1/namespaces/default/configmaps', configMap(denied)))) return;
    await sleep(PROBE_MS);
  }
  throw new Error('the API server does not go by the policies that were applied');
}

function configMap(name: string): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
}

function probePolicy(denied: string): readonly Manifest[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const metadata = { name: 'local-probe', labels: {} };
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
          ],
        },
        validations: [{ expression: `object.metadata.name != '${denied}'` }],
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: 'local-probe', validationActions: ['Deny'] },
    },
  ];
}
