import { TAG, itemsOf, objectIdOf } from './der.ts';
import type { Der } from './der.ts';
import { element } from './der-writer.ts';

/** The attributes that Go names, in the order in which it prints them. */
const NAMED: readonly (readonly [string, string])[] = [
  ['2.5.4.5', 'SERIALNUMBER'],
  ['2.5.4.3', 'CN'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.10', 'O'],
  ['2.5.4.17', 'POSTALCODE'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.6', 'C'],
];
/** Of these the last one counts, of the others all. */
const SINGLE = ['2.5.4.5', '2.5.4.3'];
const PRINTABLE = /^[-A-Za-z0-9 '()+,./:=?]*$/u;

interface Attribute {
  readonly id: string;
  readonly text: string;
}

/** A distinguished name as Go prints it, roughly by RFC 2253: what a trust store made by ESO calls its entries. */
export function nameText(name: Der): string {
  const attributes = itemsOf(name)
    .flatMap((set) => itemsOf(set, TAG.set))
    .map(attributeOf);
  const named = NAMED.flatMap(([id, type]) => {
    const texts = attributes.filter((attribute) => attribute.id === id).map(({ text }) => text);
    const shown = SINGLE.includes(id) ? texts.slice(-1).filter((text) => text !== '') : texts;
    return shown.length === 0 ? [] : [shown.map((text) => `${type}=${escaped(text)}`).join('+')];
  });
  const others = attributes.filter(({ id }) => NAMED.every(([known]) => known !== id)).toReversed();
  return [...named, ...others.map(({ id, text }) => `${id}=#${hexOf(text)}`)].join(',');
}

function attributeOf(attribute: Der): Attribute {
  const [id, value] = itemsOf(attribute);
  return { id: objectIdOf(id), text: value === undefined ? '' : textOf(value) };
}

function textOf({ tag, content }: Der): string {
  if (tag === TAG.bmpString) return Buffer.from(content).swap16().toString('utf16le').replace(/\0$/u, '');
  return content.toString(tag === TAG.t61String ? 'latin1' : 'utf8');
}

function escaped(text: string): string {
  return text.replaceAll(/[,+"\\<>;]|^[ #]| $/gu, '\\$&');
}

function hexOf(text: string): string {
  const tag = PRINTABLE.test(text) ? TAG.printableString : TAG.utf8String;
  return element(tag, Buffer.from(text)).toString('hex');
}
