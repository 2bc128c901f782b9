import { FunctionError } from '../template-error.ts';

/** What sprig takes of a URL; path and fragment are decoded, the other parts are not. */
export interface UrlParts {
  readonly scheme: string;
  readonly userinfo: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly opaque: string;
  readonly fragment: string;
}

/** The characters that may stand unescaped, besides letters, digits and `-_.~`. */
const PLAIN = {
  path: /[\w.~$&+,/:;=@-]/u,
  fragment: /[\w.~$&+,/:;=?@!()*-]/u,
  userinfo: /[\w.~$&+,;=-]/u,
  host: /[\w.~!$&'()*+,;=:[\]<>"-]/u,
} as const;

/**
 * net/url's Parse (https://pkg.go.dev/net/url#Parse), of a binary string.
 *
 * @throws FunctionError
 */
export function parseUrl(text: string): UrlParts & { readonly hostname: string } {
  const hash = text.indexOf('#');
  const [address, fragment] = hash < 0 ? [text, ''] : [text.slice(0, hash), text.slice(hash + 1)];
  // eslint-disable-next-line no-control-regex -- these are the characters that Go refuses
  if (/[\x00-\x1f\x7f]/u.test(address)) throw invalid('holds a control character');
  const parts = address === '*' ? { ...NOTHING, path: '*' } : parseAddress(address);
  return { ...parts, fragment: decoded(fragment, 'a fragment'), hostname: hostnameOf(parts.host) };
}

const NOTHING: UrlParts = {
  scheme: '',
  userinfo: '',
  host: '',
  path: '',
  query: '',
  opaque: '',
  fragment: '',
};

function parseAddress(address: string): UrlParts {
  const { scheme, rest } = splitScheme(address);
  const mark = rest.indexOf('?');
  const [hierarchy, query] = mark < 0 ? [rest, ''] : [rest.slice(0, mark), rest.slice(mark + 1)];
  const parts = { ...NOTHING, scheme: scheme.toLowerCase(), query };
  if (!hierarchy.startsWith('/')) {
    if (scheme !== '') return { ...parts, opaque: hierarchy };
    if (hierarchy.split('/', 1)[0]?.includes(':') === true) throw invalid('has a colon in its first segment');
  }
  if (!hierarchy.startsWith('//') || (scheme === '' && hierarchy.startsWith('///')))
    return { ...parts, path: decoded(hierarchy, 'a path') };
  const slash = hierarchy.indexOf('/', 2);
  const end = slash < 0 ? hierarchy.length : slash;
  return {
    ...parts,
    ...parseAuthority(hierarchy.slice(2, end), parts.scheme),
    path: decoded(hierarchy.slice(end), 'a path'),
  };
}

function splitScheme(address: string): { readonly scheme: string; readonly rest: string } {
  if (address.startsWith(':')) throw invalid('has no scheme before its colon');
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/u.exec(address)?.[1];
  return scheme === undefined
    ? { scheme: '', rest: address }
    : { scheme, rest: address.slice(scheme.length + 1) };
}

function parseAuthority(
  authority: string,
  scheme: string,
): { readonly userinfo: string; readonly host: string } {
  const at = authority.lastIndexOf('@');
  const host = parseHost(authority.slice(at + 1), scheme);
  return { host, userinfo: at < 0 ? '' : parseUserinfo(authority.slice(0, at)) };
}

/** User and password, escaped again the one way that Go writes them. */
export function parseUserinfo(userinfo: string): string {
  if (!/^[\w.~!$&'()*+,;=:%@-]*$/u.test(userinfo))
    throw invalid('has a user or password with a character that must be escaped');
  const colon = userinfo.indexOf(':');
  const names = colon < 0 ? [userinfo] : [userinfo.slice(0, colon), userinfo.slice(colon + 1)];
  return names.map((name) => escaped(decoded(name, 'a user or password'), PLAIN.userinfo)).join(':');
}

function parseHost(host: string, scheme: string): string {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) throw invalid('has an address within its host');
  if (bracket === 0) return parseAddressLiteral(host);
  const first = host.indexOf(':');
  const isStrict = scheme === 'http' || scheme === 'https';
  const colon = isStrict ? first : host.lastIndexOf(':');
  if (first >= 0) checkPort(host.slice(colon));
  return decodedHost(host);
}

/** `[::1]:80`; of a zone, everything but a few characters may be escaped. */
function parseAddressLiteral(host: string): string {
  const close = host.lastIndexOf(']');
  if (close < 0) throw invalid('has an address without a closing bracket');
  checkPort(host.slice(close + 1));
  const literal = host.slice(1, close);
  const zoneAt = literal.indexOf('%25');
  const address = decodedHost(zoneAt < 0 ? literal : literal.slice(0, zoneAt));
  const zone = zoneAt < 0 ? '' : decodedZone(literal.slice(zoneAt));
  if (!isIpv6(address) || zone === '%') throw invalid('has a wrong address in brackets');
  return `[${address}${zone}]${host.slice(close + 1)}`;
}

/** The URL class of the platform knows what an address of IPv6 is. */
function isIpv6(address: string): boolean {
  return /^[\da-fA-F:.]+$/u.test(address) && URL.canParse(`http://[${address}]/`);
}

function checkPort(port: string): void {
  if (port !== '' && !/^:\d*$/u.test(port)) throw invalid('has a wrong port');
}

/** Of ASCII nothing but the percent sign may be escaped in a host. */
function decodedHost(host: string): string {
  if (/%(?!25)[0-7][\da-fA-F]/u.test(host)) throw invalid('has an escape in its host that must not be there');
  for (const char of host)
    if (char < '\x80' && char !== '%' && !PLAIN.host.test(char))
      throw invalid('has a wrong character in its host');
  return decoded(host, 'a host');
}

function decodedZone(zone: string): string {
  for (const [escape, code = ''] of zone.matchAll(/%([\da-fA-F]{2})/gu)) {
    const char = String.fromCharCode(Number.parseInt(code, 16));
    if (escape !== '%25' && char !== ' ' && !(PLAIN.host.test(char) && char < '\x80'))
      throw invalid('has a wrong escape in its zone');
  }
  for (const char of zone)
    if (char < '\x80' && char !== '%' && !PLAIN.host.test(char))
      throw invalid('has a wrong character in its zone');
  return decoded(zone, 'a zone');
}

function hostnameOf(host: string): string {
  const name = host.replace(/:\d*$/u, '');
  return name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
}

function decoded(text: string, what: string): string {
  if (/%(?![\da-fA-F]{2})/u.test(text)) throw invalid(`has ${what} with a wrong escape`);
  return text.replaceAll(/%([\da-fA-F]{2})/gu, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function escaped(text: string, plain: RegExp): string {
  return Array.from(text, (char) =>
    char < '\x80' && plain.test(char)
      ? char
      : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}

/** net/url's String: the parts as one text. The user's part is taken as it is. */
export function urlText(parts: UrlParts): string {
  const { scheme, userinfo, host, opaque, query, fragment } = parts;
  const address = opaque === '' ? hierarchyOf(parts) : opaque;
  return [
    scheme === '' ? '' : `${scheme}:`,
    address,
    query === '' ? '' : `?${query}`,
    fragment === '' ? '' : `#${escaped(fragment, PLAIN.fragment)}`,
  ].join('');

  function hierarchyOf({ path }: UrlParts): string {
    const shown = path === '*' ? '*' : escaped(path, PLAIN.path);
    const authority = (userinfo === '' ? '' : `${userinfo}@`) + escaped(host, PLAIN.host);
    if (scheme === '' && authority === '')
      return shown.split('/', 1)[0]?.includes(':') === true ? `./${shown}` : shown;
    const separator = shown !== '' && !shown.startsWith('/') && host !== '' ? '/' : '';
    return (authority + shown === '' ? '' : '//') + authority + separator + shown;
  }
}

function invalid(why: string): FunctionError {
  return new FunctionError(`the URL ${why}`);
}
