import { describe, expect, test } from '@jest/globals';
import { clusterAccess, namespaceAccess } from '../../infra/manifests/rbac.ts';
import type { Manifest } from '../../lambda/model/manifest.ts';
import { fieldsOf } from '../support/resolved-template.ts';

/** `verb resource` of all rules of the first manifest. */
function permissions(manifests: readonly Manifest[]): readonly string[] {
  const rules = manifests[0]?.['rules'];
  return (Array.isArray(rules) ? rules : []).flatMap((rule: unknown) => {
    const { verbs, resources } = fieldsOf(rule);
    return textsOf(verbs).flatMap((verb) => textsOf(resources).map((resource) => `${verb} ${resource}`));
  });
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

describe('in a namespace the relay may', () => {
  test.each([[true], [false]])('make Events and count them up, and read none (declares: %p)', (declares) => {
    const events = permissions(namespaceAccess({ group: 'keyrelay', declares }, 'shop')).filter(
      (permission) => permission.endsWith(' events'),
    );

    expect(events).toEqual(['create events', 'patch events']);
  });

  test('patch the status of what declares there, and nothing else of it', () => {
    const own = permissions(namespaceAccess({ group: 'keyrelay', declares: true }, 'shop')).filter(
      (permission) => /externalsecrets|secretstores/u.test(permission),
    );

    expect(own.filter((permission) => permission.startsWith('patch '))).toEqual([
      'patch externalsecrets/status',
      'patch secretstores/status',
    ]);
  });

  test('write no status where files declare', () => {
    const own = permissions(namespaceAccess({ group: 'keyrelay', declares: false }, 'shop'));

    expect(own.filter((permission) => permission.includes('status'))).toEqual([]);
  });
});

test('of the cluster the relay may write status and let objects own Secrets, and no Event', () => {
  const own = permissions(clusterAccess('keyrelay')).filter(
    (permission) => !/^(get|list) /u.test(permission),
  );

  expect(own).toEqual([
    'patch clustersecretstores/status',
    'patch clusterexternalsecrets/status',
    'update clusterexternalsecrets/finalizers',
  ]);
});
