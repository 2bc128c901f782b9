import type { Work } from '../limits.ts';
import { isOn, kindOf, numberOf, textOf } from '../raw-value.ts';
import { nextValue, valueAt } from '../scan.ts';
import { membersOf } from './members.ts';
import { optionsOf } from './options.ts';
import { sortedMembers } from './sorted-members.ts';

/** The options of github.com/tidwall/pretty, which gjson formats with. */
interface Style {
  readonly width: number;
  readonly prefix: string;
  readonly indent: string;
  readonly sortKeys: boolean;
}

interface Context {
  readonly style: Style;
  readonly work: Work;
  readonly level: number;
}

/** `@pretty`: a line for each member and element, except that an array without objects stays on one line where it fits. */
export function pretty(document: string, argument: string, work: Work): string {
  const style = styleOf(argument);
  const raw = valueAt(document, nextValue(document, 0))?.raw ?? '';
  const text = style.prefix + formatted(raw, style.prefix.length, { style, work, level: 0 });
  return text === '' ? '' : `${text}\n`;
}

function styleOf(argument: string): Style {
  const options = optionsOf(argument);
  const spaceOf = (name: string, otherwise: string): string =>
    options.has(name) ? textOf(options.get(name) ?? '').replaceAll(/[^ \t\n\r]/gu, '') : otherwise;
  return {
    width: widthOf(options.get('width')),
    prefix: spaceOf('prefix', ''),
    indent: spaceOf('indent', '  '),
    sortKeys: isOn(options.get('sortKeys') ?? ''),
  };
}

function widthOf(raw: string | undefined): number {
  if (raw === undefined) return 80;
  const kind = kindOf(raw);
  if (kind === 'string') return /^-?\d+$/u.test(textOf(raw)) ? Number(textOf(raw)) : 0;
  return kind === 'number' ? Math.trunc(numberOf(raw)) : Number(kind === 'true');
}

/** @param column the length of the line so far, with its line break, except that of an element that is not the first */
function formatted(raw: string, column: number, context: Context): string {
  const { style, work } = context;
  const kind = kindOf(raw);
  if (kind !== 'object' && kind !== 'array') return raw;
  const room = style.width - column;
  const line = kind === 'array' && style.width > 0 && room > 3 ? oneLine(raw, room, work) : undefined;
  return line ?? work.within(() => lines(raw, kind, context));
}

function lines(raw: string, kind: 'object' | 'array', { style, work, level }: Context): string {
  work.spend(raw.length);
  const members = membersOf(raw);
  const outer = lineStart(style, level);
  const inner = lineStart(style, level + 1);
  work.spend((members.length + 1) * inner.length);
  const formattedMembers = members.map(({ key, value }, index) => {
    const column = inner.length + (kind === 'object' ? key.length + 2 : index > 0 ? -1 : 0);
    return { key, value: formatted(value, column, { style, work, level: level + 1 }) };
  });
  const shown = kind === 'object' && style.sortKeys ? sortedMembers(formattedMembers) : formattedMembers;
  const body = shown
    .map(({ key, value }) => `${inner}${kind === 'object' ? `${key}: ` : ''}${value}`)
    .join(',');
  const end = members.length > 0 ? outer : '';
  return kind === 'object' ? `{${body}${end}}` : `[${body}${end}]`;
}

function lineStart({ prefix, indent }: Style, level: number): string {
  return `\n${prefix}${indent.repeat(level)}`;
}

/** The array on one line; undefined where it holds an object or does not fit. */
function oneLine(raw: string, room: number, work: Work): string | undefined {
  const kind = kindOf(raw);
  if (kind === 'object') return undefined;
  if (kind !== 'array') return raw;
  work.spend(raw.length);
  const parts: string[] = [];
  let length = '[]'.length;
  for (const { value } of membersOf(raw)) {
    const part = work.within(() => oneLine(value, room, work));
    if (part === undefined) return undefined;
    length += part.length + (parts.length > 0 ? ', '.length : 0);
    if (length > room) return undefined;
    parts.push(part);
  }
  return `[${parts.join(', ')}]`;
}
