import { findsOf, sourceId, sourcesOf, templateObjectId, templateObjectsOf } from '../model/declaration.ts';
import type { Declaration } from '../model/declaration.ts';
import { findId } from '../model/source.ts';
import type { FindResult, Inputs, SourceResults, TemplateObjects } from '../model/source.ts';
import type { Ports, Work } from './ports.ts';

/**
 * Reads, each once and side by side, all that the work of one cluster is rendered from.
 *
 * @returns what a piece of work is rendered from: objects with templates are those of its namespace
 */
export async function readInputs(
  work: readonly Work[],
  ports: Ports,
  signal: AbortSignal,
): Promise<(work: Work) => Inputs> {
  const declarations = work.map(({ declaration }) => declaration);
  const [values, finds, objectsOf] = await Promise.all([
    readValues(declarations, ports, signal),
    runFinds(declarations, ports, signal),
    readObjects(work, ports, signal),
  ]);
  return (item) => ({ values, finds, objects: objectsOf(item) });
}

async function readValues(
  declarations: readonly Declaration[],
  { source, tracing }: Ports,
  signal: AbortSignal,
): Promise<SourceResults> {
  const refs = distinct(declarations.flatMap(sourcesOf), sourceId);
  if (refs.length === 0) return new Map();
  return tracing.step('read', { what: `${refs.length} secrets` }, () => source.read(refs, signal));
}

async function runFinds(
  declarations: readonly Declaration[],
  { source, tracing }: Ports,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FindResult>> {
  const queries = distinct(declarations.flatMap(findsOf), findId);
  const results = queries.map(async (query) => {
    const result = await tracing.step('find', { what: query.store }, () => source.find(query, signal));
    return [findId(query), result] as const;
  });
  return new Map(await Promise.all(results));
}

/** Reads the objects that hold templates; those of a piece of work are those of its namespace. */
export async function readObjects(
  work: readonly Work[],
  { templates, tracing }: Ports,
  signal: AbortSignal,
): Promise<(work: Work) => TemplateObjects> {
  const places = Map.groupBy(work, ({ cluster, declaration }) => placeOf(cluster, declaration.namespace));
  const results = [...places].map(async ([place, here]): Promise<readonly [string, TemplateObjects]> => {
    const refs = distinct(
      here.flatMap(({ declaration }) => templateObjectsOf(declaration)),
      templateObjectId,
    );
    const [first] = here;
    if (refs.length === 0 || first === undefined) return [place, new Map()];
    const { cluster, declaration } = first;
    const objects = await tracing.step('templates', { cluster, namespace: declaration.namespace }, () =>
      templates.read(cluster, declaration.namespace, refs, signal),
    );
    return [place, objects];
  });
  const objects = new Map(await Promise.all(results));
  return ({ cluster, declaration }) => objects.get(placeOf(cluster, declaration.namespace)) ?? new Map();
}

function placeOf(cluster: string, namespace: string): string {
  return `${cluster}/${namespace}`;
}

function distinct<T>(items: readonly T[], idOf: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [idOf(item), item])).values()];
}
