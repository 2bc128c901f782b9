import { beforeEach, describe, expect, test } from '@jest/globals';
import { install, uninstall } from '../../../lambda/installer/install.ts';
import { aManifest } from './manifests.ts';
import { FakeObjects } from './fake-objects.ts';

const where = { cluster: 'shop-prod', relay: 'keyrelay' };
const policy = aManifest('ValidatingAdmissionPolicy', 'keyrelay-secrets');
const binding = aManifest('ValidatingAdmissionPolicyBinding', 'keyrelay-secrets');
const role = aManifest('Role', 'keyrelay', 'shop');
const roleBinding = aManifest('RoleBinding', 'keyrelay', 'shop');

const POLICY = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/keyrelay-secrets';
const BINDING = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/keyrelay-secrets';
const ROLE = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles/keyrelay';
const ROLE_BINDING = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/keyrelay';

let objects: FakeObjects;

beforeEach(() => {
  objects = new FakeObjects();
  objects.namespaces.add('shop');
});

describe('installing', () => {
  test('puts up the fence before the permission, however the manifests are ordered', async () => {
    const installed = await install(objects, where, [roleBinding, role, binding, policy]);

    expect(objects.writes).toEqual([POLICY, BINDING, ROLE, ROLE_BINDING].map((path) => `apply ${path}`));
    expect(installed).toEqual({ applied: 4, removed: 0 });
  });

  test('removes what is no longer wanted, the permission first, after all is applied', async () => {
    const old = [BINDING, ROLE, ROLE_BINDING].map((path) => path.replace(/keyrelay(-secrets)?$/u, 'old'));
    objects.paths.push(...old);

    const installed = await install(objects, where, [policy, role]);

    expect(objects.writes).toEqual([
      `apply ${POLICY}`,
      `apply ${ROLE}`,
      ...old.toReversed().map((path) => `remove ${path}`),
    ]);
    expect(installed).toEqual({ applied: 2, removed: 3 });
  });

  test('offers CRDs before all else, counts those that it applied, and removes none', async () => {
    const [first, second] = ['externalsecrets', 'secretstores'].map((plural) =>
      aManifest('CustomResourceDefinition', `${plural}.external-secrets.io`),
    );
    if (first === undefined || second === undefined) throw new Error('no manifests');
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    objects.others.add(`${path}/secretstores.external-secrets.io`);

    const installed = await install(objects, where, [role, first, second]);

    expect(objects.writes).toEqual([`apply ${path}/externalsecrets.external-secrets.io`, `apply ${ROLE}`]);
    expect(installed).toEqual({ applied: 2, removed: 0 });
  });

  test('tells a Role from one of the same name in another namespace', async () => {
    const elsewhere = ROLE.replace('/shop/', '/web/');
    objects.paths.push(elsewhere);

    await install(objects, where, [role]);

    expect(objects.paths).toEqual([ROLE]);
  });

  test('writes nothing where namespaces are missing, and names each once', async () => {
    const missing = ['zoo', 'web'].flatMap((namespace) => [
      aManifest('Role', 'keyrelay', namespace),
      aManifest('RoleBinding', 'keyrelay', namespace),
    ]);

    const installing = install(objects, where, [policy, role, ...missing]);

    await expect(installing).rejects.toThrow(expect.objectContaining({ code: 'NAMESPACE_NOT_FOUND' }));
    await expect(installing).rejects.toThrow(
      /shop-prod has no namespace zoo, web; .*clusters\[\]\.namespaces/u,
    );
    expect(objects.writes).toEqual([]);
  });
});

describe('uninstalling', () => {
  test('takes the permission away before the fence', async () => {
    objects.paths.push(POLICY, BINDING, ROLE, ROLE_BINDING);

    const done = await uninstall(objects, 'keyrelay');

    expect(objects.writes).toEqual([ROLE_BINDING, ROLE, BINDING, POLICY].map((path) => `remove ${path}`));
    expect(done).toEqual({ applied: 0, removed: 4 });
  });

  test('has nothing to do where nothing is', async () => {
    expect(await uninstall(objects, 'keyrelay')).toEqual({ applied: 0, removed: 0 });
  });
});
