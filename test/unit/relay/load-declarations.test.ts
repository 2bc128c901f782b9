import { describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import type { CompiledConfig } from '../../../lambda/model/config.ts';
import { loadDeclarations } from '../../../lambda/relay/load-declarations.ts';
import type { Ports } from '../../../lambda/relay/ports.ts';
import { aDeclaration } from '../../support/builders.ts';
import { fakePorts } from '../../support/fakes.ts';
import { CLUSTER, aStore, anExternalSecret, objects } from '../declarations/cluster-objects.ts';
import { compiled } from '../declarations/sources.ts';

const signal = new AbortController().signal;
const OTHER = { ...CLUSTER, name: 'prod-us' };
const config: CompiledConfig = { ...compiled(), clusters: [CLUSTER, OTHER] };

type List = Ports['declared']['list'];
const filled: List = () =>
  Promise.resolve(
    objects({ externalSecrets: [anExternalSecret('shop', 'prod/shop/db')], secretStores: [aStore('shop')] }),
  );

function portsWith(list: List): Ports {
  return { ...fakePorts(), declared: { list, namespaces: () => Promise.resolve([]) } };
}

test('nothing is asked where files declare everything', async () => {
  const ports = portsWith(() => Promise.reject(new Error('asked')));

  const loaded = await loadDeclarations(compiled(), ports, signal);

  expect(loaded).toMatchObject({ config: compiled(), ports });
  expect(loaded.unknown.size).toBe(0);
});

test('what clusters declare comes beside what files do, with sources for their stores', async () => {
  const opened: string[][] = [];
  const ports = portsWith(filled);
  const sourceOf: Ports['sourceOf'] = (stores) => {
    opened.push(stores.map(({ name }) => name));
    return ports.source;
  };

  const filed = aDeclaration({ name: 'filed', clusters: ['prod-eu'], target: { name: 'filed' } });
  const loaded = await loadDeclarations({ ...config, declarations: [filed] }, { ...ports, sourceOf }, signal);

  expect(loaded.config.declarations.map(({ name, clusters }) => `${clusters.join()}/${name}`)).toEqual([
    'prod-eu/filed',
    'prod-eu/db',
    'prod-us/db',
  ]);
  expect(opened).toEqual([['aws', 'prod-eu/shop/aws', 'prod-us/shop/aws']]);
});

test('a cluster that cannot be read is unknown, and holds back no other', async () => {
  const down = new RelayError('CLUSTER_UNREACHABLE', 'prod-us cannot be reached');
  const ports = portsWith((cluster, ...rest) =>
    cluster === 'prod-us' ? Promise.reject(down) : filled(cluster, ...rest),
  );

  const loaded = await loadDeclarations(config, ports, signal);

  expect([...loaded.unknown]).toEqual([['prod-us', down]]);
  expect([...loaded.found.keys()]).toEqual(['prod-eu']);
});

test('one namespace of one cluster is all that a shard asks for', async () => {
  const asked: (readonly [string, readonly string[]])[] = [];
  const ports = portsWith((cluster, namespaces, ...rest) => {
    asked.push([cluster, namespaces]);
    return filled(cluster, namespaces, ...rest);
  });

  await loadDeclarations(config, ports, signal, { cluster: 'prod-us', namespaces: ['bank'] });

  expect(asked).toEqual([['prod-us', ['bank']]]);
});

test('what files declare for a cluster counts before what its objects do', async () => {
  const filed = aDeclaration({ clusters: ['prod-eu'] });

  const loaded = await loadDeclarations({ ...config, declarations: [filed] }, portsWith(filled), signal);

  expect(loaded.found.get('prod-eu')).toMatchObject({
    declarations: [],
    refused: [{ object: { name: 'db' } }],
  });
  expect(loaded.found.get('prod-us')).toMatchObject({ declarations: [{ name: 'db' }], refused: [] });
});

describe('what files declare by labels of namespaces', () => {
  const selectors = [{ matchLabels: { team: 'a' }, matchExpressions: [] }];
  const filed = aDeclaration({
    namespace: 'shop',
    name: 'common',
    clusters: ['prod-eu', 'prod-us'],
    selectors,
  });
  const FILES: CompiledConfig = {
    ...compiled(),
    clusters: [CLUSTER, OTHER].map((cluster) => ({ ...cluster, declarations: 'files' })),
    declarations: [filed],
  };
  const portsOf = (namespaces: Ports['declared']['namespaces']): Ports => ({
    ...fakePorts(),
    declared: { list: () => Promise.reject(new Error('asked')), namespaces },
  });
  const clustersOf = ({ declarations }: CompiledConfig): readonly string[] =>
    declarations.flatMap(({ clusters }) => clusters);

  test('counts in the clusters whose labels say so', async () => {
    const ports = portsOf((cluster) =>
      Promise.resolve([{ name: 'shop', labels: { team: cluster === 'prod-eu' ? 'a' : 'b' } }]),
    );

    const loaded = await loadDeclarations(FILES, ports, signal);

    expect(clustersOf(loaded.config)).toEqual(['prod-eu']);
    expect(loaded.found.size + loaded.unknown.size).toBe(0);
  });

  test('is unknown, and not nothing, where the namespaces cannot be listed', async () => {
    const down = new RelayError('CLUSTER_UNREACHABLE', 'prod-us cannot be reached');
    const ports = portsOf((cluster) =>
      cluster === 'prod-us'
        ? Promise.reject(down)
        : Promise.resolve([{ name: 'shop', labels: { team: 'a' } }]),
    );

    const loaded = await loadDeclarations(FILES, ports, signal);

    expect(clustersOf(loaded.config)).toEqual(['prod-eu']);
    expect([...loaded.unknown]).toEqual([['prod-us', down]]);
  });

  test('asks no cluster where a push concerns nothing of it', async () => {
    const ports = portsOf(() => Promise.reject(new Error('asked')));

    const loaded = await loadDeclarations(FILES, ports, signal, { selecting: new Set() });

    expect(clustersOf(loaded.config)).toEqual([]);
    expect(loaded).toMatchObject({ ports, unknown: new Map() });
  });
});
