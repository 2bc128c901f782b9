import { indentTo, indicate, put, separate } from './emitter.ts';
import type { Emitter } from './emitter.ts';
import { compareKeys } from './key-order.ts';
import { isSimpleKey, styleOf } from './scalar-style.ts';
import { writeScalar } from './write-scalar.ts';

/** What is written as YAML. A text is marked as such; everything else is a word or number that stands for itself. */
export type Writable =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Writable[] }
  | { readonly kind: 'map'; readonly members: ReadonlyMap<string, Writable> };

const INDENT = 2;

/** YAML as go-yaml 2 writes it, byte for byte: blocks, keys in natural order, lists not indented below their key, lines folded at 80. */
export function writeYaml(value: Writable): string {
  const emitter: Emitter = { out: [], column: 0, isWhite: true, isIndented: true };
  write(emitter, value, { indent: -1, after: 'start' });
  indentTo(emitter, 0);
  return emitter.out.join('');
}

/** Where a value stands: within what indentation, and behind what. */
interface Place {
  /** -1 outside of everything. */
  readonly indent: number;
  readonly after: 'start' | 'dash' | 'key' | 'long key';
}

function write(emitter: Emitter, value: Writable, place: Place): void {
  switch (value.kind) {
    case 'word':
      separate(emitter);
      put(emitter, value.word);
      emitter.isWhite = false;
      emitter.isIndented = false;
      return;
    case 'text':
      writeText(emitter, value.text, place.indent);
      return;
    case 'list':
      if (value.items.length === 0) indicate(emitter, '[]', 'inline');
      else
        writeList(emitter, value.items, place.after === 'key' ? place.indent : place.indent + stepOf(place));
      return;
    case 'map':
      if (value.members.size === 0) indicate(emitter, '{}', 'inline');
      else writeMap(emitter, value.members, place.indent + stepOf(place));
      return;
  }
}

function stepOf({ indent }: Place): number {
  return indent < 0 ? 1 : INDENT;
}

function writeList(emitter: Emitter, items: readonly Writable[], indent: number): void {
  for (const item of items) {
    indentTo(emitter, indent);
    indicate(emitter, '-', 'block');
    write(emitter, item, { indent, after: 'dash' });
  }
}

function writeMap(emitter: Emitter, members: ReadonlyMap<string, Writable>, indent: number): void {
  for (const [key, value] of [...members].toSorted(([a], [b]) => compareKeys(a, b))) {
    indentTo(emitter, indent);
    if (isSimpleKey(key)) {
      writeScalar(emitter, key, { style: styleOf(key, 'key'), indent, mayFold: false });
      put(emitter, ':');
      write(emitter, value, { indent, after: 'key' });
    } else {
      indicate(emitter, '?', 'block');
      writeText(emitter, key, indent);
      indentTo(emitter, indent);
      indicate(emitter, ':', 'block');
      write(emitter, value, { indent, after: 'long key' });
    }
  }
}

function writeText(emitter: Emitter, text: string, indent: number): void {
  const inner = Math.max(indent, 0) + INDENT;
  writeScalar(emitter, text, { style: styleOf(text, 'value'), indent: inner, mayFold: true });
}
