import { decodeRune } from '../template/go-string.ts';
import type { Work } from './limits.ts';

/**
 * Whether the pattern matches the whole text: `*` stands for any characters, `?` for one, and a backslash takes a character's meaning away.
 *
 * Only the last `*` is ever tried again, further to the right: what came before it has matched as early as it can. So the time is bounded by the
 * product of both lengths, and all of it is spent from the path's work.
 */
export function matchesPattern(text: string, pattern: string, work: Work): boolean {
  const tokens = tokensOf(pattern);
  work.spend(pattern.length);
  let at = 0;
  let token = 0;
  let retry: { at: number; readonly token: number } | undefined;
  while (at < text.length || token < tokens.length) {
    work.spend(1);
    const wanted = tokens[token];
    if (wanted === ANY) {
      token += 1;
      retry = { at, token };
    } else if (at < text.length && wanted !== undefined && matchesOne(wanted, text, at)) {
      at += wanted === ONE ? decodeRune(text, at).width : 1;
      token += 1;
    } else if (retry !== undefined && retry.at < text.length) {
      at = retry.at + decodeRune(text, retry.at).width;
      token = retry.token;
      retry = { at, token };
    } else return false;
  }
  return true;
}

const ANY = '**';
const ONE = '??';

function matchesOne(token: string, text: string, at: number): boolean {
  return token === ONE || token === text[at];
}

/** A backslash at the end is itself behind a `*`, and matches nothing otherwise, because gjson looks at the end of the text first then. */
function tokensOf(pattern: string): readonly string[] {
  const tokens: string[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === '*') tokens.push(ANY);
    else if (char === '?') tokens.push(ONE);
    else if (char !== '\\') tokens.push(char);
    else {
      at += 1;
      tokens.push(at < pattern.length ? pattern.charAt(at) : tokens.includes(ANY) ? '\\' : '');
    }
  }
  return tokens;
}
