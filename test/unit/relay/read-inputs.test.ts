import { expect, test } from '@jest/globals';
import { findId } from '../../../lambda/model/source.ts';
import type { TemplateObjects } from '../../../lambda/model/source.ts';
import { readInputs } from '../../../lambda/relay/read-inputs.ts';
import { aDeclaration } from '../../support/builders.ts';
import { fakePorts } from '../../support/fakes.ts';

const signal = new AbortController().signal;
const query = { store: 'aws', name: '^shop/', tags: {} };
const template = {
  type: undefined,
  labels: {},
  annotations: {},
  engine: true,
  from: [
    {
      kind: 'object',
      target: 'Data',
      key: 'conf',
      as: 'Values',
      object: { kind: 'ConfigMap', name: 'templates' },
    },
  ],
} as const;

test('values, finds and templates are each read once, and templates by namespace', async () => {
  const asked: string[] = [];
  const objects = (version: string): TemplateObjects =>
    new Map([['ConfigMap/templates', { kind: 'object', object: { version, data: new Map() } }]]);
  const ports = {
    ...fakePorts(),
    templates: {
      read: (cluster: string, namespace: string) => {
        asked.push(`${cluster}/${namespace}`);
        return Promise.resolve(objects(namespace));
      },
    },
  };
  const declarations = ['shop', 'shop', 'web'].map((namespace) =>
    aDeclaration({ namespace, target: { template }, dataFrom: [{ kind: 'find', query }] }),
  );
  const work = declarations.map((declaration) => ({ declaration, cluster: 'dev', expected: new Map() }));

  const inputsOf = await readInputs(work, ports, signal);

  expect(ports.source.reads).toEqual([['aws:shop/db']]);
  expect(ports.source.finds).toEqual([query]);
  expect(asked).toEqual(['dev/shop', 'dev/web']);
  const versions = work.map((item) => {
    const found = inputsOf(item).objects.get('ConfigMap/templates');
    return found?.kind === 'object' ? found.object.version : 'none';
  });
  expect(versions).toEqual(['shop', 'shop', 'web']);
  const finds = work.map((item) => inputsOf(item).finds.get(findId(query))?.kind);
  expect(finds).toEqual(['found', 'found', 'found']);
});
