import { anyDict, fn1, string } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { dict, kindOf } from '../value.ts';
import type { GoDict, Value } from '../value.ts';
import { parseUrl, parseUserinfo, urlText } from './go-url.ts';
import type { NamedFunctions } from './names.ts';

/** Sprig's URLs (https://masterminds.github.io/sprig/url.html). */
export const urlFunctions: NamedFunctions = [
  ['urlParse', fn1(string, (text) => dict(Object.entries(parseUrl(text))))],
  ['urlJoin', fn1(anyDict, join)],
];

function join(parts: GoDict): Value {
  const part = (name: string): string => partOf(parts, name);
  const userinfo = part('userinfo');
  return urlText({
    scheme: part('scheme'),
    host: part('host'),
    path: part('path'),
    query: part('query'),
    opaque: part('opaque'),
    fragment: part('fragment'),
    userinfo: userinfo === '' ? '' : parseUserinfo(userinfo),
  });
}

/** Nothing where the part is missing. */
function partOf({ entries }: GoDict, name: string): string {
  const value = entries.get(name) ?? (entries.has(name) ? null : '');
  if (typeof value === 'string') return value;
  throw new FunctionError(`the ${name} is no text, but a value of kind ${kindOf(value)}`);
}
