import { ANNOTATION, LABEL, MANAGED_BY } from '../contract.ts';
import { RelayError, SOURCE_GONE } from '../errors.ts';
import { declarationId, merges, sourceId, sourcesOf } from '../model/declaration.ts';
import type { DataItem, Declaration, ExtractItem, SourceRef } from '../model/declaration.ts';
import { serializeVersions } from '../model/recorded-versions.ts';
import type { Rendered } from '../model/rendered.ts';
import type { Payload, SourceResults, SourceVersion } from '../model/source.ts';
import type { DesiredSecret } from '../model/target.ts';
import { Sensitive } from '../sensitive.ts';
import { isJson, kindOf, membersOf, parseString } from './json-text.ts';
import { checkKeys, convertKey } from './keys.ts';
import { notJson, selectProperty } from './property.ts';

/** The API server's limit, counted over the values (https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size). */
const MAX_DATA_BYTES = 1_048_576;

type Data = Map<string, Sensitive<Uint8Array>>;

/** The Secret that a declaration asks for in one cluster, given its values. Pure: same input, same Secret. */
export function render(declaration: Declaration, cluster: string, results: SourceResults): Rendered {
  try {
    const data = renderData(declaration, results);
    if (data.size === 0 && declaration.target.deletionPolicy !== 'Merge') return { kind: 'empty' };
    const versions = versionsOf(declaration, results);
    return { kind: 'secret', secret: toSecret(declaration, cluster, data, versions), versions };
  } catch (failure) {
    if (failure instanceof RelayError) return { kind: 'failure', error: failure };
    throw failure;
  }
}

/** `dataFrom` in order, then `data` in order; a later key wins. */
function renderData(declaration: Declaration, results: SourceResults): Data {
  const data: Data = new Map();
  for (const item of declaration.extracts) {
    const payload = payloadOf(declaration, item.ref, results);
    if (payload !== undefined) extractInto(data, item, payload, whereOf(declaration, item.ref, 'dataFrom'));
  }
  for (const item of declaration.data) {
    const payload = payloadOf(declaration, item.ref, results);
    if (payload !== undefined)
      data.set(item.secretKey, valueOf(item, payload, whereOf(declaration, item.ref, item.secretKey)));
  }
  checkKeys(data.keys(), declarationId(declaration));
  checkSize(declaration, data);
  return data;
}

/** The payload, or undefined where the source is gone and the deletion policy allows for that. */
function payloadOf(declaration: Declaration, ref: SourceRef, results: SourceResults): Payload | undefined {
  const result = results.get(sourceId(ref));
  if (result === undefined) throw new Error(`defect: ${sourceId(ref)} was not read before rendering`);
  if (result.kind === 'value') return result.value.payload;
  if (SOURCE_GONE.has(result.error.code) && declaration.target.deletionPolicy !== 'Retain') return undefined;
  throw result.error;
}

function valueOf(item: DataItem, payload: Payload, where: string): Sensitive<Uint8Array> {
  if (item.property !== undefined) return bytesOf(selectProperty(textOf(payload), item.property, where));
  return payload.kind === 'text' ? bytesOf(payload.text.reveal()) : payload.bytes;
}

/** `extract`: strings as they are, `null` as the empty string, every other value as its JSON text. */
function extractInto(data: Data, item: ExtractItem, payload: Payload, where: string): void {
  const whole = textOf(payload);
  const text = item.property === undefined ? whole : selectProperty(whole, item.property, where);
  if (!isJson(text)) throw notJson(where);
  if (kindOf(text) !== 'object') {
    throw new RelayError(
      'VALUE_NOT_OBJECT',
      `${where}: the value is JSON but no object; 'extract' turns the members of an object into keys`,
    );
  }
  const origin = new Map<string, string>();
  for (const [name, raw] of membersOf(text)) {
    const key = convertKey(name);
    const other = origin.get(key);
    if (other !== undefined && other !== name) {
      throw new RelayError(
        'KEY_CONFLICT',
        `${where}: keys ${JSON.stringify(other)} and ${JSON.stringify(name)} both become ${key}; rename one in the secret`,
      );
    }
    origin.set(key, name);
    data.set(key, bytesOf(raw === 'null' ? '' : raw.startsWith('"') ? parseString(raw) : raw));
  }
}

function checkSize(declaration: Declaration, data: Data): void {
  const size = data.values().reduce((sum, value) => sum + value.reveal().byteLength, 0);
  if (size <= MAX_DATA_BYTES) return;
  throw new RelayError(
    'SECRET_TOO_LARGE',
    `${declarationId(declaration)}: the values take ${size} bytes together, and a Kubernetes Secret holds ${MAX_DATA_BYTES}; split the declaration into several`,
  );
}

function versionsOf(declaration: Declaration, results: SourceResults): ReadonlyMap<string, SourceVersion> {
  const versions = new Map<string, SourceVersion>();
  for (const id of sourcesOf(declaration).map(sourceId)) {
    const result = results.get(id);
    if (result?.kind === 'value') versions.set(id, result.value.version);
  }
  return versions;
}

function toSecret(
  declaration: Declaration,
  cluster: string,
  data: Data,
  versions: ReadonlyMap<string, SourceVersion>,
): DesiredSecret {
  const { target } = declaration;
  return {
    target: { cluster, namespace: declaration.namespace, name: target.name },
    type: target.template.type,
    labels: {
      ...target.template.labels,
      ...(merges(declaration) ? { [LABEL.mergeTarget]: 'true' } : { [LABEL.managedBy]: MANAGED_BY }),
    },
    annotations: {
      ...target.template.annotations,
      [ANNOTATION.declaration]: declarationId(declaration),
      [ANNOTATION.declarationDigest]: declaration.digest,
      [ANNOTATION.versions]: serializeVersions(versions),
      [ANNOTATION.creationPolicy]: target.creationPolicy,
    },
    data,
  };
}

function whereOf(declaration: Declaration, ref: SourceRef, key: string): string {
  return `${declarationId(declaration)} ${key} from ${sourceId(ref)}`;
}

function textOf(payload: Payload): string {
  return payload.kind === 'text' ? payload.text.reveal() : new TextDecoder().decode(payload.bytes.reveal());
}

function bytesOf(text: string): Sensitive<Uint8Array> {
  return new Sensitive(new TextEncoder().encode(text));
}
