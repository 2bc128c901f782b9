import { marshal } from '../../go-json.ts';
import { fromGo, isUtf8, toGo } from '../go-string.ts';
import type { TextWriter } from '../text-writer.ts';
import { explode } from '../unicode.ts';
import { sortedKeys } from '../value.ts';
import type { Value } from '../value.ts';

export interface JsonStyle {
  readonly escapesHtml: boolean;
  /** For each level, on lines of their own; nothing for one line without spaces. */
  readonly indent: string;
}

/**
 * Writes a value as encoding/json does. The engine has bounded how deep it is.
 *
 * @returns false for a value that has no JSON; what has been written then is not to be used
 */
export function writeJson(value: Value, writer: TextWriter, style: JsonStyle, lineStart = '\n'): boolean {
  const text = scalarText(value, style);
  if (text === undefined) return false;
  if (typeof text === 'string') {
    writer.write(text);
    return true;
  }
  const { open, close, members } = text;
  const separator = style.indent === '' ? '' : lineStart + style.indent;
  writer.write(open);
  const isWritten = members.every(([key, member], index) => {
    writer.write(index === 0 ? separator : `,${separator}`);
    if (key !== undefined) writer.write(`${quoted(key, style)}:${style.indent === '' ? '' : ' '}`);
    return writeJson(member, writer, style, lineStart + style.indent);
  });
  writer.write(style.indent === '' || members.length === 0 ? close : lineStart + close);
  return isWritten;
}

/** What stands in brackets; a list's members have no keys. */
interface Container {
  readonly open: string;
  readonly close: string;
  readonly members: readonly (readonly [string | undefined, Value])[];
}

function scalarText(value: Value, style: JsonStyle): string | Container | undefined {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quoted(value, style);
  switch (value.kind) {
    case 'int':
      return value.value.toString();
    case 'float':
      return Number.isFinite(value.value) ? marshal(value.value, style.escapesHtml) : undefined;
    case 'bytes':
      return `"${Buffer.from(value.value, 'latin1').toString('base64')}"`;
    case 'list':
      if (value.isNil) return 'null';
      return { open: '[', close: ']', members: value.items.map((item) => [undefined, item]) };
    case 'dict':
      return {
        open: '{',
        close: '}',
        members: sortedKeys(value).map((key) => [key, value.entries.get(key) ?? null]),
      };
    case 'struct':
      return value.json === undefined ? undefined : scalarText(value.json, style);
  }
}

function quoted(text: string, { escapesHtml }: JsonStyle): string {
  const escape = (part: string): string => toGo(marshal(fromGo(part), escapesHtml)).slice(1, -1);
  return isUtf8(text) ? `"${escape(text)}"` : `"${explode(text).map(orReplaced(escape)).join('')}"`;
}

/** A byte that is no UTF-8 is written as the escape of U+FFFD. */
function orReplaced(escape: (part: string) => string): (part: string) => string {
  return (part) => (part.length === 1 && part >= '\x80' ? '\\ufffd' : escape(part));
}
