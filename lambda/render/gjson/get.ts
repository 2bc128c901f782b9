import { goesOn } from './evaluation.ts';
import type { Evaluation, Start } from './evaluation.ts';
import { startWork } from './limits.ts';
import { literalStart } from './literal.ts';
import { modifierStart } from './modifier.ts';
import { multipathStart } from './multipath.ts';
import { firstValue } from './raw-value.ts';
import { search } from './search.ts';

/**
 * What a gjson path (https://github.com/tidwall/gjson/blob/master/SYNTAX.md) selects from a JSON document. Both are Go strings, in which a
 * character is a byte.
 *
 * @returns the value as the text that it has in the document, or the empty text where there is none
 * @throws PathLimitError
 */
export function get(document: string, path: string): string {
  const work = startWork();
  const evaluation: Evaluation = {
    work,
    get: (inner, innerPath) => work.within(() => evaluate(evaluation, inner, innerPath)),
  };
  return evaluate(evaluation, document, path);
}

/** One round for each part of the path between pipes. */
function evaluate(evaluation: Evaluation, wholeDocument: string, wholePath: string): string {
  let document = wholeDocument;
  let path = wholePath;
  for (;;) {
    evaluation.work.read(document, path);
    const start = startOf(evaluation, document, path);
    if (start.kind === 'made') {
      if (!goesOn(start.rest)) return firstValue(start.document);
      [document, path] = [start.document, start.rest.slice(1)];
    } else {
      const { value, pipe } = search(evaluation, document, start.path);
      if (pipe === undefined) return value;
      [document, path] = [value, pipe];
    }
  }
}

/** A single character is a name, whatever it is. */
function startOf(evaluation: Evaluation, document: string, path: string): Start {
  switch (path.length > 1 ? path.charAt(0) : '') {
    case '@':
      return modifierStart(evaluation, document, path);
    case '!':
      return literalStart(path);
    case '{':
    case '[':
      return multipathStart(evaluation, document, path);
    default:
      return { kind: 'search', path };
  }
}
