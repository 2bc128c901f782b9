import type { Start } from './evaluation.ts';
import { endOfBrackets } from './scan.ts';

/** `!` and a JSON value: the value itself, whatever the document holds. What is no value is a name. */
export function literalStart(path: string): Start {
  const text = path.slice(1);
  // gjson counts brackets from the first character on even where it is none, so that a string or number reaches to the end of the path.
  const end = /^[{["+\-0-9]/u.test(text) ? endOfBrackets(text, 0) : endOfWord(text);
  const document = text.slice(0, end);
  const isValue = end > 0 && (/^[{["+\-0-9]/u.test(text) || /^(?:true|false|null|nan|inf)$/iu.test(document));
  return isValue ? { kind: 'made', document, rest: text.slice(end) } : { kind: 'search', path };
}

function endOfWord(text: string): number {
  const end = text.search(/[.|]/u);
  return end < 0 ? text.length : end;
}
