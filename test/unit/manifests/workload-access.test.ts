import { expect, test } from '@jest/globals';
import { namespaceAccess } from '../../../infra/manifests/rbac.ts';

const rulesFor = (restarts: boolean): unknown =>
  namespaceAccess({ group: 'relay', declares: false, restarts }, 'shop').find(
    ({ kind }) => kind === 'Role',
  )?.['rules'];

test('where workloads are restarted, the relay may patch the kinds that roll by themselves, and may not see a Job', () => {
  const rules = JSON.stringify(rulesFor(true));

  expect(rules).toContain('deployments');
  expect(rules).not.toMatch(/batch|jobs|\*/u);
});

test('where none is restarted, it may see no workload', () => {
  expect(JSON.stringify(rulesFor(false))).not.toMatch(/apps|argoproj|batch|\*/u);
});
