import { LineCounter, isAlias, isMap, isScalar, isSeq, parseAllDocuments, visit } from 'yaml';
import type { Document } from 'yaml';
import type { ErrorCode } from '../errors.ts';
import { locate } from './positions.ts';
import type { Part, Place } from './positions.ts';
import type { Problem } from './problems.ts';
import { kindOfYamlError } from './yaml-errors.ts';

/** A file as it was read. */
export interface SourceFile {
  /** As it is to be named in messages. */
  readonly path: string;
  readonly text: string;
}

/** One YAML document of a file, with the places of its parts. */
export interface YamlDocument {
  readonly file: string;
  readonly value: unknown;
  /** Where the part at this path stands, or its nearest parent that exists. */
  locate(path: readonly PropertyKey[], part?: Part): Place;
  /** The path by which people know that part, where the document was made from another. */
  readonly written?: (path: readonly PropertyKey[]) => readonly PropertyKey[];
}

export interface ParsedFile {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Problem[];
}

/** Aliases that expand a document to more than this are taken for an attack (https://en.wikipedia.org/wiki/Billion_laughs_attack). */
const MAX_ALIASES = 100;
/** A list of ExternalSecrets is far smaller; what is larger was put here by mistake. */
const MAX_CHARACTERS = 4_000_000;

/** One open bracket can make nonsense of all that follows it. */
const MAX_FLAWS = 5;

/** What is wrong with the text itself, and where it stands. */
interface Flaw {
  readonly offset: number;
  readonly found: string;
  readonly expected: string;
}

/** Reads every document of a YAML file; empty ones are left out. A document with a mistake is not looked at any further. */
export function parseYaml({ path: file, text }: SourceFile, code: ErrorCode): ParsedFile {
  const lines = new LineCounter();
  const documents: YamlDocument[] = [];
  const problems: Problem[] = [];
  const report = ({ offset, found, expected }: Flaw): void => {
    const { line, col } = lines.linePos(offset);
    problems.push({
      code,
      file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      path: '',
      found,
      expected,
    });
  };
  for (const document of parseText(text, lines, report)) {
    const flaws = flawsOf(document);
    flaws.forEach(report);
    if (flaws.length > 0) continue;
    const value = toValue(document, report);
    if (value !== undefined && value !== null) {
      documents.push({ file, value, locate: (path, part = 'value') => locate(document, lines, path, part) });
    }
  }
  return { documents, problems };
}

type Report = (flaw: Flaw) => void;

function parseText(text: string, lines: LineCounter, report: Report): readonly Document[] {
  if (text.length > MAX_CHARACTERS) {
    report({
      offset: 0,
      found: `${text.length} characters`,
      expected: `at most ${MAX_CHARACTERS} in one file`,
    });
    return [];
  }
  try {
    const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    // The parser is recursive: a document of brackets only exhausts the stack.
    report({
      offset: 0,
      found: 'YAML that cannot be parsed',
      expected: 'a document that is not nested so deeply',
    });
    return [];
  }
}

/** The parser's own messages quote the text, so they stay behind. */
function flawsOf(document: Document): readonly Flaw[] {
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    return errors.slice(0, MAX_FLAWS).map(({ code, pos }) => ({ offset: pos[0], ...kindOfYamlError(code) }));
  }
  const flaws: Flaw[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      flaws.push({
        offset: alias.range?.[0] ?? 0,
        found: 'an alias without an anchor',
        expected: 'the anchor before it',
      });
    },
    Pair: (_, { key }) => {
      const plain = isScalar(key) && typeof key.value === 'string' && key.value !== '__proto__';
      if (plain) return;
      const offset = isScalar(key) || isMap(key) || isSeq(key) || isAlias(key) ? (key.range?.[0] ?? 0) : 0;
      flaws.push({
        offset,
        found: 'a key that is no text or is reserved',
        expected: 'a text as key, in quotes where it looks like something else',
      });
    },
  });
  return flaws;
}

function toValue(document: Document, report: Report): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return value;
  } catch {
    const offset = document.contents?.range?.[0] ?? 0;
    report({ offset, found: 'too many or recursive aliases', expected: 'the text written out' });
    return undefined;
  }
}
