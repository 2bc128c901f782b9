import { LineCounter, isNode, parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';
import type { Problem } from './problems.ts';

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
  /** Where the part at this path begins, or its nearest parent that exists. */
  locate(path: readonly PropertyKey[]): { readonly line: number; readonly column: number };
}

/** Aliases that expand a document to more than this are taken for an attack (https://en.wikipedia.org/wiki/Billion_laughs_attack). */
const MAX_ALIASES = 100;

/** Reads every document of a YAML file; empty ones are left out. */
export function parseYaml({ path: file, text }: SourceFile): { readonly documents: readonly YamlDocument[]; readonly problems: readonly Problem[] } {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, strict: true });
  const documents: YamlDocument[] = [];
  const problems: Problem[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const error = document.errors[0];
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      problems.push({ code: 'CONFIG_INVALID', file, line, column: col, path: '', found: `a YAML error (${error.code})`, expected: 'valid YAML' });
      continue;
    }
    const value = toValue(document);
    if (value.kind === 'failure') problems.push({ code: 'CONFIG_INVALID', file, line: 1, column: 1, path: '', found: value.reason, expected: 'a document without recursive or excessive aliases' });
    else if (value.value !== null) documents.push({ file, value: value.value, locate: (path) => locate(document, lines, path) });
  }
  return { documents, problems };
}

function toValue(document: Document): { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'failure'; readonly reason: string } {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { kind: 'value', value };
  } catch {
    return { kind: 'failure', reason: 'too many aliases' };
  }
}

function locate(document: Document, lines: LineCounter, path: readonly PropertyKey[]): { readonly line: number; readonly column: number } {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (!isNode(node) || node.range === undefined || node.range === null) continue;
    const { line, col } = lines.linePos(node.range[0]);
    return { line, column: col };
  }
  return { line: 1, column: 1 };
}
