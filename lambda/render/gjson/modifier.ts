import type { Evaluation, Start } from './evaluation.ts';
import { joined } from './modifiers/join.ts';
import { dug } from './modifiers/dig.ts';
import { flattened } from './modifiers/flatten.ts';
import { keysOf, reversed, valuesOf } from './modifiers/members.ts';
import { grouped } from './modifiers/group.ts';
import { quote } from './json-string.ts';
import { modifierOf } from './modifier-names.ts';
import type { ModifierName } from './modifier-names.ts';
import { pretty } from './modifiers/pretty.ts';
import { ugly } from './modifiers/ugly.ts';
import { MISSING, firstValue, textOf } from './raw-value.ts';
import { endOfBrackets, endOfString } from './scan.ts';
import { isJson } from '../json-text.ts';

/** `@NAME` or `@NAME:ARGUMENT`: a document made of the whole document. An unknown name is the name of a member. */
export function modifierStart(evaluation: Evaluation, document: string, path: string): Start {
  const modifier = modifierOf(path);
  if (modifier === undefined) return { kind: 'search', path };
  const behind = path.slice(modifier.length + 1);
  const end = behind.startsWith(':') ? endOfArgument(behind) : 0;
  const argument = behind.slice(1, end);
  return {
    kind: 'made',
    document: modified(modifier, document, argument, evaluation),
    rest: behind.slice(end),
  };
}

/** An argument is JSON, or anything up to the next pipe outside of brackets and quotes. */
function endOfArgument(behind: string): number {
  const first = behind.charAt(1);
  if (first !== '' && '{["'.includes(first)) return endOfNested(behind, 1);
  let at = 1;
  while (at < behind.length && behind[at] !== '|')
    at = '{["('.includes(behind.charAt(at)) ? endOfNested(behind, at) : at + 1;
  return at;
}

function endOfNested(text: string, at: number): number {
  return text[at] === '"' ? (endOfString(text, at) ?? text.length) : endOfBrackets(text, at);
}

function modified(name: ModifierName, document: string, argument: string, evaluation: Evaluation): string {
  switch (name) {
    case 'dig':
      return dug(document, argument, evaluation);
    case 'flatten':
      return flattened(document, argument, evaluation.work);
    case 'fromstr':
      return isJson(document) ? textOf(firstValue(document)) : MISSING;
    case 'group':
      return grouped(document);
    case 'join':
      return joined(document, argument);
    case 'keys':
      return keysOf(document);
    case 'pretty':
      return pretty(document, argument, evaluation.work);
    case 'reverse':
      return reversed(document);
    case 'this':
      return document;
    case 'tostr':
      return quote(document);
    case 'ugly':
      return ugly(document);
    case 'valid':
      return isJson(document) ? document : MISSING;
    case 'values':
      return valuesOf(document);
  }
}
