import { describe, expect, test } from '@jest/globals';
import { selectFiled, withSelected } from '../../../lambda/declarations/filed-selection.ts';
import type { CompiledConfig } from '../../../lambda/model/config.ts';
import { CONFIG, MANIFEST, compiled, edit, problems } from './sources.ts';

const SPEC =
  '{ secretStoreRef: { name: aws }, data: [{ secretKey: password, remoteRef: { key: prod/db } }] }';

/** A ClusterExternalSecret for clusters, with more of its spec. */
const everywhere = (more: string, clusters = 'prod-eu, test-eu', name = 'common'): string => `---
apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata:
  name: ${name}
  annotations: { keyrelay.dev/clusters: '${clusters}' }
spec:
  externalSecretSpec: ${SPEC}
  ${more}
`;
const BY_LABEL = 'namespaceSelectors: [{ matchLabels: { team: a } }]';

/** `cluster namespace/name`, of what counts where the namespaces have these labels. */
function placed(
  config: CompiledConfig,
  labels: Readonly<Record<string, Readonly<Record<string, string>>>>,
): readonly string[] {
  const namespaces = Object.entries(labels).map(([name, own]) => ({ name, labels: own }));
  const selections = new Map(
    config.clusters.map(({ name }) => [name, selectFiled(name, config.declarations, namespaces)] as const),
  );
  return withSelected(config.declarations, selections).flatMap(({ clusters, namespace, name }) =>
    clusters.map((cluster) => `${cluster} ${namespace}/${name}`),
  );
}

describe('a ClusterExternalSecret in a file', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['by a label', BY_LABEL, ['prod-eu shop/common', 'test-eu shop/common']],
    [
      'by any of several selectors',
      'namespaceSelectors: [{ matchLabels: { team: a } }, { matchExpressions: [{ key: team, operator: In, values: [b] }] }]',
      ['prod-eu shop/common', 'test-eu shop/common', 'prod-eu web/common'],
    ],
    ['by the selector of old', 'namespaceSelector: { matchLabels: { team: b } }', ['prod-eu web/common']],
    ['by name, in the clusters that serve it', 'namespaces: [web]', ['prod-eu web/common']],
    [
      'by name or label',
      `namespaces: [web]\n  ${BY_LABEL}`,
      ['prod-eu shop/common', 'test-eu shop/common', 'prod-eu web/common'],
    ],
    [
      'by a selector for all, and never in one that is not served',
      'namespaceSelectors: [{}]',
      ['prod-eu shop/common', 'test-eu shop/common', 'prod-eu web/common'],
    ],
    [
      'with another name',
      `externalSecretName: other\n  refreshTime: 1m\n  namespaces: [web]`,
      ['prod-eu web/other'],
    ],
  ])('is for the namespaces that it selects %s', (_how, more, expected) => {
    const labels = { shop: { team: 'a' }, web: { team: 'b' }, 'kube-system': { team: 'a' } };

    expect(placed(compiled(everywhere(more)), labels)).toEqual(expected);
  });

  test('is for no namespace that is not there yet, or that lost its label', () => {
    const config = compiled(everywhere(BY_LABEL));

    expect(placed(config, {})).toEqual([]);
    expect(placed(config, { shop: { team: 'a' } })).toContain('prod-eu shop/common');
    expect(placed(config, { shop: { team: 'x' } })).toEqual([]);
  });

  test('gives its ExternalSecrets their labels and annotations, and each its own digest', () => {
    const metadata =
      'externalSecretMetadata: { labels: { tier: x }, annotations: { keyrelay.dev/take-over: "true" } }';
    const [shop] = compiled(everywhere(`${BY_LABEL}\n  ${metadata}`)).declarations;

    expect(shop).toMatchObject({
      takeOver: true,
      selectors: [{ matchLabels: { team: 'a' } }],
      target: { name: 'common', template: { labels: { tier: 'x' } } },
    });
  });

  test('that is named beside an ExternalSecret of its name is a mistake', () => {
    const own = edit(MANIFEST, 'name: db', 'name: common');

    expect(problems(`${own}${everywhere('namespaces: [shop]')}`)).toEqual([
      expect.stringMatching(/^DECLARATION_CONFLICT .*ExternalSecret shop\/common again in prod-eu/u),
    ]);
  });

  test('that selects a namespace where something has its name or Secret is left out there, and its Secrets are left alone', () => {
    const own = edit(MANIFEST, 'name: db', 'name: common');
    const config = compiled(`${everywhere(BY_LABEL)}${everywhere(BY_LABEL, 'prod-eu', 'second')}---\n${own}`);
    const labels = { shop: { team: 'a' }, web: { team: 'a' } };

    expect(placed(config, labels)).toEqual([
      'test-eu shop/common',
      'prod-eu web/common',
      'prod-eu shop/second',
      'prod-eu web/second',
      'prod-eu shop/common',
    ]);
    const { refused, undecided } = selectFiled('prod-eu', config.declarations, [
      { name: 'shop', labels: { team: 'a' } },
    ]);
    expect(refused).toMatchObject([{ namespace: 'shop', error: { code: 'DECLARATION_CONFLICT' } }]);
    expect(undecided).toEqual(new Set(['shop/common']));
  });

  test('gives way to one before it that selects the same namespace for the same Secret', () => {
    const second = everywhere(BY_LABEL, 'prod-eu', 'second').replace(
      SPEC,
      `${SPEC.slice(0, -2)}, target: { name: common } }`,
    );
    const config = compiled(`${everywhere(BY_LABEL, 'prod-eu')}${second}`);

    expect(placed(config, { shop: { team: 'a' } })).toEqual(['prod-eu shop/common']);
  });

  test.each([
    [
      'a namespace that no cluster of it serves',
      'namespaces: [kube-system]',
      'spec.namespaces[0]: found "kube-system"',
    ],
    ['nothing selected', 'refreshTime: 1h', 'found no selection of namespaces'],
    [
      'an operator that is none',
      'namespaceSelectors: [{ matchExpressions: [{ key: a, operator: Like }] }]',
      'operator',
    ],
    ['a store that is not there', 'namespaces: [web]', 'found "nowhere"'],
    [
      'an annotation on it that is for its ExternalSecrets',
      'namespaces: [web]',
      'expected it under spec.externalSecretMetadata.annotations',
    ],
    [
      'clusters within',
      'namespaces: [web]\n  externalSecretMetadata: { annotations: { keyrelay.dev/clusters: prod-eu } }',
      'expected it under metadata.annotations',
    ],
  ])('is refused for %s', (what, more, message) => {
    const manifest = everywhere(more)
      .replace(/name: aws/u, what.startsWith('a store') ? 'name: nowhere' : 'name: aws')
      .replace(
        /annotations: \{ k/u,
        what.includes('on it') ? 'annotations: { keyrelay.dev/take-over: "true", k' : 'annotations: { k',
      );

    expect(problems(manifest)).toEqual([expect.stringContaining(message)]);
  });

  test('selects by label only where the relay may see labels', () => {
    const config = edit(
      CONFIG,
      '    namespaces: [shop, web]',
      '    access: access-policy\n    namespaces: [shop, web]',
    );

    expect(problems(everywhere(BY_LABEL), config)).toEqual([
      expect.stringContaining('labels of namespaces in cluster prod-eu'),
    ]);
    expect(problems(everywhere('namespaces: [web]'), config)).toEqual([]);
  });
});
