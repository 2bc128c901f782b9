/** What stands in neither alphabet; Go's encoders know these two (https://pkg.go.dev/encoding/base64). */
const FOREIGN = { standard: /[^A-Za-z0-9+/]/u, url: /[^A-Za-z0-9_-]/u } as const;

/**
 * Base64 as Go's decoders take it: whole quanta of four, padded. Line breaks do not count, wherever they are; every other character outside of
 * the alphabet makes it something else.
 *
 * @param text a binary string
 * @returns undefined where it is no base64
 */
export function decodeBase64(text: string, alphabet: keyof typeof FOREIGN): Buffer | undefined {
  const compact = text.replaceAll(/[\r\n]/gu, '');
  const digits = compact.replace(/={1,2}$/u, '');
  const isBase64 = compact.length % 4 === 0 && digits.length % 4 !== 1 && !FOREIGN[alphabet].test(digits);
  return isBase64 ? Buffer.from(digits, 'base64') : undefined;
}
