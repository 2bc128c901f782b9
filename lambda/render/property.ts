import { RelayError } from '../errors.ts';
import { elementsOf, isJson, kindOf, membersOf, parseString } from './json-text.ts';

/** gjson's queries, wildcards, modifiers, pipes and multipaths; a backslash takes a character's meaning away. */
const UNSUPPORTED = /[*?#|@!{}[\]()]/u;

/**
 * Selects `remoteRef.property` from a secret's text as ESO does: a member whose name is the whole property first, dots included; then the
 * dotted path, in which a number selects from an array and `\.` is a dot.
 *
 * @param where names the declaration and the secret for the error
 * @returns a string as it is, `null` as the empty string, integers as they are spelled, other numbers without an exponent, and objects,
 *   arrays and booleans as their JSON text
 * @throws RelayError VALUE_NOT_JSON, PROPERTY_NOT_FOUND, DECLARATION_UNSUPPORTED
 */
export function selectProperty(text: string, property: string, where: string): string {
  if (!isJson(text)) throw notJson(where);
  const found = memberOf(text, property) ?? followPath(text, property, where);
  if (found === undefined) {
    throw new RelayError(
      'PROPERTY_NOT_FOUND',
      `${where}: key ${property} does not exist in the secret; correct 'property', or add the key to the secret`,
    );
  }
  return scalarText(found);
}

/** The error for a value that is no JSON where JSON is needed. It cannot say where the syntax broke: that would quote the value. */
export function notJson(where: string): RelayError {
  return new RelayError(
    'VALUE_NOT_JSON',
    `${where}: the secret's value is not JSON, which 'property' and 'extract' need; store a JSON object, or read the whole value with 'data' and no 'property'`,
  );
}

function memberOf(text: string, name: string): string | undefined {
  if (kindOf(text) !== 'object') return undefined;
  return membersOf(text).find(([key]) => key === name)?.[1];
}

function followPath(text: string, property: string, where: string): string | undefined {
  const segments = splitPath(property, where);
  return segments.reduce<string | undefined>(
    (at, segment) => (at === undefined ? undefined : childOf(at, segment)),
    text,
  );
}

function childOf(text: string, segment: string): string | undefined {
  switch (kindOf(text)) {
    case 'object':
      return memberOf(text, segment);
    case 'array':
      return /^\d{1,9}$/u.test(segment) ? elementsOf(text)[Number(segment)] : undefined;
    case 'scalar':
      return undefined;
  }
}

function splitPath(property: string, where: string): readonly string[] {
  const plain = property.replaceAll(/\\./gsu, '');
  if (UNSUPPORTED.test(plain)) {
    throw new RelayError(
      'DECLARATION_UNSUPPORTED',
      `${where}: property ${property} uses a query, wildcard or modifier, which is not supported yet; name the key, or escape the character with a backslash`,
    );
  }
  const segments: string[] = [''];
  for (let at = 0; at < property.length; at += 1) {
    const char = property.charAt(at);
    if (char === '.') {
      segments.push('');
      continue;
    }
    if (char === '\\') at += 1;
    segments.push(`${segments.pop() ?? ''}${property.charAt(at)}`);
  }
  return segments;
}

function scalarText(raw: string): string {
  if (raw.startsWith('"')) return parseString(raw);
  if (raw === 'null') return '';
  const fractional = /^-?\d/u.test(raw) && !/^-?\d+$/u.test(raw);
  return fractional && Number.isFinite(Number(raw)) ? withoutExponent(Number(raw)) : raw;
}

/** The shortest decimal that reads back as the same number, as Go's FormatFloat(x, 'f', -1, 64) writes it. */
function withoutExponent(number: number): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/u.exec(String(number));
  if (match === null) return Object.is(number, -0) ? '-0' : String(number);
  const [, sign = '', lead = '', fraction = '', exponent = '0'] = match;
  const digits = lead + fraction;
  const point = 1 + Number(exponent);
  return point <= 0 ? `${sign}0.${'0'.repeat(-point)}${digits}` : `${sign}${digits.padEnd(point, '0')}`;
}
