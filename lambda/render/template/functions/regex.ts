import { RE2JS } from 're2js';
import { replaceAll } from '../../replace-all.ts';
import { fromGo, toGo } from '../go-string.ts';
import { fn2, fn3, string } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import type { TemplateFunction } from '../value.ts';

/** Sprig's regular expressions, with RE2's semantics as in Go (https://masterminds.github.io/sprig/strings.html). */
export const regexFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ['regexMatch', fn2(string, string, (source, text) => compile(source).matcher(fromGo(text)).find())],
  [
    'regexReplaceAll',
    fn3(string, string, string, (source, text, to) =>
      toGo(replaceAll(compile(source), fromGo(text), fromGo(to))),
    ),
  ],
];

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(fromGo(source));
  } catch {
    throw new FunctionError('the regular expression cannot be parsed');
  }
}
