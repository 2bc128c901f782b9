import { isUtf8 } from 'node:buffer';
import { RelayError } from '../errors.ts';
import { declarationId, templateObjectId } from '../model/declaration.ts';
import type { Declaration, TemplateSource } from '../model/declaration.ts';
import type { TemplateObjects } from '../model/source.ts';
import { decode } from './decode.ts';
import { templateFunctionsFor } from './template/functions/template-functions.ts';
import { fromBytes, fromGo, toBytes, toGo } from './template/go-string.ts';
import { TemplateError } from './template/template-error.ts';
import { execute, parseTemplate } from './template/template.ts';
import { STRING_DICT, dict } from './template/value.ts';
import type { Value } from './template/value.ts';
import { parseTextMap } from './yaml/text-map.ts';

/** What a template makes of the values. */
export interface Templated {
  readonly data: ReadonlyMap<string, Uint8Array>;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
}

/**
 * The Secret's parts after `spec.target.template`, in ESO's order, in which what comes later wins: the values themselves (where nothing else makes
 * data, or under `mergePolicy: Merge`), `templateFrom`, `data`, labels and annotations (https://external-secrets.io/latest/guides/templating/).
 *
 * @throws RelayError TEMPLATE_FAILED, DECODING_FAILED, TEMPLATE_OBJECT_MISSING
 */
export function applyTemplate(
  declaration: Declaration,
  values: ReadonlyMap<string, Uint8Array>,
  objects: TemplateObjects,
): Templated {
  const { template } = declaration.target;
  if (template.engine === undefined)
    return {
      data: values,
      labels: new Map(Object.entries(template.labels)),
      annotations: new Map(Object.entries(template.annotations)),
    };
  const { data = {}, from = [], merge = false } = template;
  const kept = merge || (Object.keys(data).length === 0 && from.length === 0);
  const parts = {
    Data: new Map(kept ? values : []),
    Labels: new Map<string, Uint8Array>(),
    Annotations: new Map<string, Uint8Array>(),
  };
  const run = runner(declaration, values);
  for (const source of from)
    for (const [key, value] of fromSource(source, run, objects)) parts[source.target].set(key, value);
  for (const [key, text] of Object.entries(data)) parts.Data.set(key, run.execute(`data.${key}`, toGo(text)));
  for (const [key, text] of Object.entries(template.labels))
    parts.Labels.set(key, run.execute(`metadata.labels.${key}`, toGo(text)));
  for (const [key, text] of Object.entries(template.annotations))
    parts.Annotations.set(key, run.execute(`metadata.annotations.${key}`, toGo(text)));
  return { data: parts.Data, labels: texts(parts.Labels), annotations: texts(parts.Annotations) };
}

interface Runner {
  readonly id: string;
  /** The template is a binary string: one that lies in a Secret may hold any bytes. */
  readonly execute: (name: string, template: string) => Uint8Array;
}

function runner(declaration: Declaration, values: ReadonlyMap<string, Uint8Array>): Runner {
  const id = declarationId(declaration);
  const entries = [...values].map(([key, value]): [string, Value] => [toGo(key), fromBytes(value)]);
  const dot = dict(entries, STRING_DICT);
  const functions = templateFunctionsFor(id);
  return {
    id,
    execute: (name, template) => {
      try {
        return toBytes(execute(parseTemplate(toGo(name), template, functions), dot));
      } catch (failure) {
        if (!(failure instanceof TemplateError)) throw failure;
        throw new RelayError(
          'TEMPLATE_FAILED',
          `${id}: ${fromGo(failure.message)}; correct the template, or add what it needs to the secret`,
        );
      }
    },
  };
}

function fromSource(
  source: TemplateSource,
  { id, execute: run }: Runner,
  objects: TemplateObjects,
): readonly (readonly [string, Uint8Array])[] {
  const [name, text] =
    source.kind === 'literal' ? ['literal', toGo(source.text)] : [source.key, textOf(source, id, objects)];
  const result = run(name, text);
  const decoded = (key: string, value: Uint8Array): readonly [string, Uint8Array] => [
    key,
    decode(source.decoding ?? 'None', value, `${id} ${key} of templateFrom`),
  ];
  if (source.kind === 'object' && source.as === 'Values') return [decoded(source.key, result)];
  const map = isUtf8(result) ? parseTextMap(Buffer.from(result).toString('utf8')) : undefined;
  if (map === undefined)
    throw new RelayError(
      'TEMPLATE_FAILED',
      `${id}: the template ${name} of templateFrom does not give a YAML mapping of texts, which a literal and templateAs KeysAndValues need; check its indentation and quotes, and for bytes use valuesDecodingStrategy instead of b64dec`,
    );
  return [...map].map(([key, value]) => decoded(key, Buffer.from(value)));
}

function textOf(
  { object, key }: Extract<TemplateSource, { kind: 'object' }>,
  id: string,
  objects: TemplateObjects,
): string {
  const found = objects.get(templateObjectId(object));
  if (found === undefined)
    throw new Error(`defect: ${templateObjectId(object)} was not read before rendering`);
  if (found.kind === 'failure') throw found.error;
  const text = found.object.data.get(key);
  if (text !== undefined) return fromBytes(text.reveal());
  throw new RelayError(
    'TEMPLATE_OBJECT_MISSING',
    `${id}: ${templateObjectId(object)} has no key ${key}, which templateFrom names; add it, or correct the name`,
  );
}

function texts(part: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, string> {
  return new Map([...part].map(([key, value]) => [key, Buffer.from(value).toString('utf8')]));
}
