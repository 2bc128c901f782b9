import { Composer, Lexer, Parser, isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Document, Node, Scalar as ScalarNode, YAMLMap } from 'yaml';
import { decodeBase64 } from '../base64.ts';
import { formatFloat } from '../template/float-text.ts';
import { LIMIT } from '../template/limits.ts';
import { shortestFloat32 } from './float32.ts';
import { resolveScalar } from './scalar.ts';

/** A value of a YAML document, as ESO's library makes JSON of it. */
export type Yaml = null | boolean | bigint | number | string | YamlList | YamlMapping;

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly Yaml[];
}

export interface YamlMapping {
  readonly kind: 'map';
  readonly members: ReadonlyMap<string, Yaml>;
}

/** Thrown here for everything that ESO's library refuses. It says nothing: the text may be a secret. */
class YamlError extends Error {
  override readonly name = 'YamlError';
}

const TAG = 'tag:yaml.org,2002:';
/** About 7 for each line of a flat mapping. */
const MAX_TOKENS = 50_000;
/** What a YAML stream may hold (https://yaml.org/spec/1.1/#id868524). */
const FORBIDDEN = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * The first document of a YAML text as sigs.k8s.io/yaml reads it, which is the library of ESO and of Kubernetes: by YAML 1.1, keys made texts,
 * later members of one name winning.
 *
 * @returns undefined where that library fails, and where the document is larger than templates may make use of
 */
export function readYaml(text: string): Yaml | undefined {
  if (FORBIDDEN.test(text) || !isSmall(text)) return undefined;
  try {
    const document = firstDocument(text);
    if (document === undefined) return null;
    if (document.errors.length > 0) return undefined;
    const targets = targetsOf(document.contents);
    const reading = { targets, unended: unendedAt(text), items: 0, depth: 0 };
    return valueOf(reading, document.contents);
  } catch (failure) {
    // The parser recurses: what is nested too deep ends its stack.
    if (failure instanceof YamlError || failure instanceof RangeError) return undefined;
    throw failure;
  }
}

/** Whether it is a mapping. */
export function isMapping(value: Yaml | undefined): value is YamlMapping {
  return typeof value === 'object' && value?.kind === 'map';
}

/** The parser takes its time for every token, so that they are counted first. */
function isSmall(text: string): boolean {
  return new Lexer().lex(text).drop(MAX_TOKENS).next().done === true;
}

/** Every scalar as its text: what it stands for is decided here. */
function firstDocument(text: string): Document.Parsed | undefined {
  const options = {
    version: '1.1',
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    logLevel: 'silent',
  } as const;
  return new Composer(options).compose(new Parser().parse(text)).next().value ?? undefined;
}

interface Reading {
  readonly targets: ReadonlyMap<Alias, Node>;
  /** Where the text ends, if no line break is there. */
  readonly unended: number | undefined;
  items: number;
  depth: number;
}

/** What each alias stands for: the last anchor of its name before it. */
function targetsOf(contents: Node | null): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const walk = (node: unknown): void => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) throw new YamlError();
      targets.set(node, target);
      return;
    }
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return;
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isSeq(node)) node.items.forEach(walk);
    if (isMap(node))
      for (const { key, value } of node.items) {
        walk(key);
        walk(value);
      }
  };
  walk(contents);
  return targets;
}

function valueOf(reading: Reading, node: unknown): Yaml {
  reading.items++;
  if (reading.items > LIMIT.items || reading.depth > LIMIT.nesting) throw new YamlError();
  reading.depth++;
  const value = valueWithin(reading, node);
  reading.depth--;
  return value;
}

function valueWithin(reading: Reading, node: unknown): Yaml {
  if (isAlias(node)) return valueOf(reading, reading.targets.get(node)); // within itself, it is nested without end
  if (isScalar(node)) return scalarOf(reading, node);
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => valueOf(reading, item)) };
  if (isMap(node)) {
    const members = new Map<string, Yaml>();
    fill(reading, members, node);
    return { kind: 'map', members };
  }
  return null;
}

function fill(reading: Reading, members: Map<string, Yaml>, { items }: YAMLMap): void {
  for (const { key, value } of items)
    if (isMergeKey(key)) merge(reading, members, value);
    else members.set(keyOf(valueOf(reading, key)), valueOf(reading, value));
}

/** `<<`: the members of other maps, at the place where it stands; of several maps, the first counts most. */
function merge(reading: Reading, members: Map<string, Yaml>, value: unknown): void {
  const sources = isSeq(value) ? value.items.toReversed() : [value];
  for (const source of sources) {
    if (!isMap(isAlias(source) ? reading.targets.get(source) : source)) throw new YamlError();
    const merged = valueOf(reading, source);
    if (isMapping(merged)) for (const [name, member] of merged.members) members.set(name, member);
  }
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === '<<' && (isPlain(key) || key.tag === `${TAG}merge`);
}

function isPlain(node: ScalarNode): boolean {
  return node.type === 'PLAIN' && node.tag === undefined;
}

/** The name that a key becomes; there is none for null, lists and maps, and for integers beyond int64. */
function keyOf(key: Yaml): string {
  if (typeof key === 'string' || typeof key === 'boolean') return String(key);
  if (typeof key === 'bigint' && BigInt.asIntN(64, key) === key) return String(key);
  if (typeof key !== 'number') throw new YamlError();
  if (Number.isNaN(key)) return '.nan';
  if (!Number.isFinite(key)) return key > 0 ? '.inf' : '-.inf';
  return formatFloat(shortestFloat32(key), 'g', -1);
}

function unendedAt(text: string): number | undefined {
  return /^[ \t]*$/u.test(text.slice(text.lastIndexOf('\n') + 1)) ? undefined : text.length;
}

/** A block at the end of a text without a line break there has none either; the parser gives it one. */
function textOf({ unended }: Reading, { source = '', type, range }: ScalarNode): string {
  const isBlock = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';
  return isBlock && range?.[1] === unended ? source.replace(/\n$/u, '') : source;
}

function scalarOf(reading: Reading, node: ScalarNode): Yaml {
  const text = textOf(reading, node);
  const tag = node.tag?.startsWith(TAG) === true ? node.tag.slice(TAG.length) : node.tag;
  switch (tag) {
    case undefined:
      return isPlain(node) ? plainOf(text) : text;
    case 'bool':
    case 'int':
    case 'float':
    case 'null':
    case 'timestamp':
      return taggedAs(tag, text);
    case 'binary':
      return binaryOf(text);
    default:
      return text;
  }
}

function plainOf(text: string): Yaml {
  const scalar = resolveScalar(text);
  switch (scalar.kind) {
    case 'null':
      return null;
    case 'bool':
    case 'int':
    case 'float':
      return scalar.value;
    case 'string':
    case 'timestamp':
      return text;
  }
}

/** A tag has to fit, but for integers that are to be floats. */
function taggedAs(tag: 'bool' | 'int' | 'float' | 'null' | 'timestamp', text: string): Yaml {
  const scalar = resolveScalar(text);
  if (scalar.kind === 'int' && tag === 'float') return Number(scalar.value);
  if (scalar.kind !== tag) throw new YamlError();
  return plainOf(text);
}

function binaryOf(text: string): string {
  const bytes = decodeBase64(text, 'standard');
  if (bytes === undefined) throw new YamlError();
  return bytes.toString('utf8');
}
