import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { configJsonSchema } from '../../../lambda/declarations/config-json-schema.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): Promise<string> => readFile(new URL(path, root), 'utf8');

test('the committed JSON Schema is up to date (npm run schema writes it)', async () => {
  expect(await read('config/keyrelay.schema.json')).toBe(configJsonSchema());
});

test('keyrelay.yaml names its schema, so that editors find it', async () => {
  expect((await read('config/keyrelay.yaml')).split('\n')[0]).toBe(
    '# yaml-language-server: $schema=keyrelay.schema.json',
  );
});

/** The path of every property in a JSON Schema that has no description. */
function undescribed(schema: unknown, path: string): readonly string[] {
  const own = Object.entries(fieldOf(schema, 'properties') ?? {}).flatMap(([name, property]) => {
    const missing = fieldOf(property, 'description') === undefined ? [`${path}.${name}`] : [];
    return [...missing, ...undescribed(property, `${path}.${name}`)];
  });
  const items = fieldOf(schema, 'items');
  return items === undefined ? own : [...own, ...undescribed(items, `${path}[]`)];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}

test('an editor shows a description for every field', () => {
  const schema: unknown = JSON.parse(configJsonSchema());

  expect(undescribed(schema, '')).toEqual([]);
  expect(undescribed({ properties: { a: {} } }, '')).toEqual(['.a']);
});

test('an editor demands clusters and refuses unknown fields', () => {
  const schema: unknown = JSON.parse(configJsonSchema());
  const closed = { items: { additionalProperties: false } };

  expect(schema).toMatchObject({
    additionalProperties: false,
    required: expect.arrayContaining(['clusters']),
    properties: { clusters: closed, stores: closed },
  });
});
