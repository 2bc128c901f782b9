import { decodeBase64 } from '../base64.ts';
import { FunctionError } from '../template/template-error.ts';

/** A block of PEM (RFC 7468). All texts are binary strings, as everything in templates is. */
export interface PemBlock {
  readonly type: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Buffer;
}

const BEGIN = '-----BEGIN ';
const END = '\n-----END ';
const DASHES = '-----';
const LINE_LENGTH = 64;
const WHITE = ' \t\n\v\f\r';

/**
 * The next block and what comes after it, by the rules of Go's pem.Decode: what is damaged, or is no PEM at all, is passed over.
 *
 * @returns undefined where there is no further block
 */
export function nextBlock(text: string): { readonly block: PemBlock; readonly rest: string } | undefined {
  for (let from = 0; ;) {
    const end = text.indexOf(END, from);
    if (end < 0) return undefined;
    const trailer = end + END.length;
    const begin = text.slice(from, end).lastIndexOf(BEGIN);
    const startsLine = begin === 0 || text[from + begin - 1] === '\n';
    const block =
      begin < 0 || !startsLine
        ? undefined
        : blockBetween(text, { start: from + begin + BEGIN.length, end, trailer });
    if (block !== undefined) return { block, rest: lineAt(text, trailer).rest };
    from = trailer;
  }
}

/** Every block of a text in its order, and what is left behind the last one. */
export function allBlocks(text: string): { readonly blocks: readonly PemBlock[]; readonly rest: string } {
  const blocks: PemBlock[] = [];
  let rest = text;
  for (let next = nextBlock(rest); next !== undefined; next = nextBlock(rest)) {
    blocks.push(next.block);
    rest = next.rest;
  }
  return { blocks, rest };
}

/** A block as Go's pem.Encode writes it: lines of 64, headers sorted but for Proc-Type, which comes first. */
export function encodePem({
  type,
  headers = new Map(),
  bytes,
}: Partial<PemBlock> & Pick<PemBlock, 'type' | 'bytes'>): string {
  if ([...headers.keys()].some((key) => key.includes(':')))
    throw new FunctionError('a PEM header has a colon in its name');
  const names = [...headers.keys()].toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const head = names.map((name) => `${name}: ${headers.get(name) ?? ''}\n`).join('');
  const body = bytes.toString('base64').replaceAll(new RegExp(`.{1,${LINE_LENGTH}}`, 'gu'), '$&\n');
  return `${BEGIN}${type}${DASHES}\n${head}${head === '' ? '' : '\n'}${body}${END.slice(1)}${type}${DASHES}\n`;
}

function rank(header: string): number {
  return header === 'Proc-Type' ? 0 : 1;
}

interface Place {
  /** Behind BEGIN, at the line's end before END, and behind END. */
  readonly start: number;
  readonly end: number;
  readonly trailer: number;
}

function blockBetween(text: string, { start, end, trailer }: Place): PemBlock | undefined {
  const first = lineAt(text, start);
  if (!first.line.endsWith(DASHES)) return undefined;
  const type = first.line.slice(0, -DASHES.length);
  const headers = new Map<string, string>();
  let at = first.next;
  while (at <= end) {
    const { line, next } = lineAt(text, at);
    const colon = line.indexOf(':');
    if (colon < 0) break;
    headers.set(trimmed(line.slice(0, colon)), trimmed(line.slice(colon + 1)));
    at = next;
  }
  const isClosed = text.startsWith(type + DASHES, trailer);
  const isLineEnd = lineAt(text, trailer + type.length + DASHES.length).line === '';
  if (!isClosed || !isLineEnd || (headers.size > 0 && end < at)) return undefined;
  const bytes = decodeBase64(text.slice(at, Math.max(at, end)).replaceAll(/[ \t]/gu, ''), 'standard');
  return bytes === undefined ? undefined : { type, headers, bytes };
}

/** The line that begins here without what is white at its end, where the next one begins, and all from there. */
function lineAt(
  text: string,
  at: number,
): { readonly line: string; readonly next: number; readonly rest: string } {
  const feed = text.indexOf('\n', at);
  const next = feed < 0 ? text.length : feed + 1;
  let end = feed < 0 ? text.length : feed;
  if (feed > at && text[feed - 1] === '\r') end--;
  while (end > at && isIn(text[end - 1], ' \t')) end--;
  return { line: text.slice(at, end), next, rest: text.slice(next) };
}

/** Without the white characters of ASCII around it: trim() would also take bytes of other characters for such. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isIn(text[start], WHITE)) start++;
  while (end > start && isIn(text[end - 1], WHITE)) end--;
  return text.slice(start, end);
}

function isIn(character: string | undefined, set: string): boolean {
  return character !== undefined && set.includes(character);
}
