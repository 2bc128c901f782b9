import { ANNOTATION, LABEL, MANAGED_BY } from '../contract.ts';
import { RelayError, SOURCE_GONE } from '../errors.ts';
import {
  declarationId,
  findsOf,
  merges,
  sourceId,
  sourcesOf,
  templateObjectId,
  templateObjectsOf,
} from '../model/declaration.ts';
import type { DataFromItem, Declaration, SourceRef } from '../model/declaration.ts';
import { fieldsDigest } from '../model/fields-digest.ts';
import { serializeVersions } from '../model/recorded-versions.ts';
import type { Rendered } from '../model/rendered.ts';
import { findId } from '../model/source.ts';
import type { FindQuery, Inputs, SourceValue, SourceVersion } from '../model/source.ts';
import type { DesiredSecret } from '../model/target.ts';
import { Sensitive } from '../sensitive.ts';
import { applyTemplate } from './apply-template.ts';
import type { Templated } from './apply-template.ts';
import { extracted, found, valueOf } from './items.ts';
import { checkKeys } from './keys.ts';
import { checkMetadata } from './metadata.ts';

/** The API server's limit, counted over the values (https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size). */
const MAX_DATA_BYTES = 1_048_576;

type Data = ReadonlyMap<string, Uint8Array>;

/** The Secret that a declaration asks for in one cluster, given its values. Pure: same input, same Secret. */
export function render(declaration: Declaration, cluster: string, inputs: Inputs): Rendered {
  try {
    const values = renderValues(declaration, inputs);
    if (values.size === 0 && declaration.target.deletionPolicy !== 'Merge') return { kind: 'empty' };
    const templated = applyTemplate(declaration, values, inputs.objects);
    check(declaration, templated);
    const versions = versionsOf(declaration, inputs);
    return { kind: 'secret', secret: toSecret(declaration, cluster, templated, versions), versions };
  } catch (failure) {
    if (failure instanceof RelayError) return { kind: 'failure', error: failure };
    throw failure;
  }
}

/** `dataFrom` in order, then `data` in order; a later key wins. */
function renderValues(declaration: Declaration, inputs: Inputs): Data {
  const data = new Map<string, Uint8Array>();
  for (const item of declaration.dataFrom)
    for (const [key, value] of keysOf(declaration, item, inputs)) data.set(key, value);
  for (const item of declaration.data) {
    const value = sourceValue(declaration, item.ref, inputs);
    if (value !== undefined)
      data.set(item.secretKey, valueOf(item, value.payload, whereOf(declaration, item.ref, item.secretKey)));
  }
  return data;
}

function keysOf(declaration: Declaration, item: DataFromItem, inputs: Inputs): Data {
  if (item.kind === 'find')
    return found(item, membersOf(item.query, inputs), `${declarationId(declaration)} ${findId(item.query)}`);
  const value = sourceValue(declaration, item.ref, inputs);
  if (value === undefined) return new Map();
  return extracted(item, value.payload, whereOf(declaration, item.ref, 'dataFrom'));
}

/** The value, or undefined where the source is gone and the deletion policy allows for that. */
function sourceValue(declaration: Declaration, ref: SourceRef, { values }: Inputs): SourceValue | undefined {
  const result = values.get(sourceId(ref));
  if (result === undefined) throw new Error(`defect: ${sourceId(ref)} was not read before rendering`);
  if (result.kind === 'value') return result.value;
  if (SOURCE_GONE.has(result.error.code) && declaration.target.deletionPolicy !== 'Retain') return undefined;
  throw result.error;
}

function membersOf(query: FindQuery, { finds }: Inputs): readonly SourceValue[] {
  const result = finds.get(findId(query));
  if (result === undefined) throw new Error(`defect: ${findId(query)} was not run before rendering`);
  if (result.kind === 'found') return result.values;
  throw result.error;
}

function check(declaration: Declaration, { data, labels, annotations }: Templated): void {
  const id = declarationId(declaration);
  checkKeys(data.keys(), id);
  checkMetadata(labels, annotations, id);
  checkSize(declaration, data);
}

function checkSize(declaration: Declaration, data: Data): void {
  const size = data.values().reduce((sum, value) => sum + value.byteLength, 0);
  if (size <= MAX_DATA_BYTES) return;
  throw new RelayError(
    'SECRET_TOO_LARGE',
    `${declarationId(declaration)}: the values take ${size} bytes together, and a Kubernetes Secret holds ${MAX_DATA_BYTES}; split the declaration into several`,
  );
}

/** What the Secret holds: of each source that was named, of each secret that was found, and of each object with templates. */
function versionsOf(declaration: Declaration, inputs: Inputs): ReadonlyMap<string, SourceVersion> {
  const versions = new Map<string, SourceVersion>();
  for (const member of findsOf(declaration).flatMap((query) => membersOf(query, inputs)))
    versions.set(sourceId(member.ref), member.version);
  for (const id of sourcesOf(declaration).map(sourceId)) {
    const result = inputs.values.get(id);
    if (result?.kind === 'value') versions.set(id, result.value.version);
  }
  for (const id of templateObjectsOf(declaration).map(templateObjectId)) {
    const result = inputs.objects.get(id);
    if (result?.kind === 'object') versions.set(id, { id: result.object.version, created: undefined });
  }
  return versions;
}

function toSecret(
  declaration: Declaration,
  cluster: string,
  { data, labels, annotations }: Templated,
  versions: ReadonlyMap<string, SourceVersion>,
): DesiredSecret {
  const { target, namespace, rollout } = declaration;
  const { type, finalizers } = target.template;
  const allLabels = {
    ...Object.fromEntries(labels),
    ...(merges(declaration) ? { [LABEL.mergeTarget]: 'true' } : { [LABEL.managedBy]: MANAGED_BY }),
  };
  return {
    target: { cluster, namespace, name: target.name },
    type,
    labels: allLabels,
    annotations: {
      ...Object.fromEntries(annotations),
      [ANNOTATION.declaration]: declarationId(declaration),
      [ANNOTATION.declarationDigest]: declaration.digest,
      [ANNOTATION.versions]: serializeVersions(versions),
      [ANNOTATION.creationPolicy]: target.creationPolicy,
      [ANNOTATION.fields]: fieldsDigest({
        keys: data.keys(),
        labels: Object.keys(allLabels),
        annotations: annotations.keys(),
      }),
      ...(rollout === undefined ? {} : { [ANNOTATION.rolloutPolicy]: rollout }),
    },
    data: new Map([...data].map(([key, value]) => [key, new Sensitive(value)])),
    ...(finalizers === undefined ? {} : { finalizers }),
    ...(target.immutable === undefined ? {} : { immutable: true as const }),
  };
}

function whereOf(declaration: Declaration, ref: SourceRef, key: string): string {
  return `${declarationId(declaration)} ${key} from ${sourceId(ref)}`;
}
