import { RE2JS } from 're2js';
import { toGo } from '../render/template/go-string.ts';
import { TemplateError } from '../render/template/template-error.ts';
import { parseTemplate } from '../render/template/template.ts';
import { templateFunctions } from '../render/template/functions/template-functions.ts';
import type { Report } from './own-annotations.ts';

/** Reports a regular expression that RE2 does not take, as Go's does not (https://github.com/google/re2/wiki/Syntax). */
export function checkExpression(source: string, path: readonly PropertyKey[], report: Report): void {
  if (!isExpression(source))
    report(path, 'a text', 'a regular expression in the syntax of RE2, which Go uses');
}

/** Whether a text is a regular expression that RE2 takes. */
export function isExpression(source: string): boolean {
  try {
    RE2JS.compile(source);
    return true;
  } catch {
    return false;
  }
}

/** Reports a template that cannot be parsed. What it does with its values shows only when it is executed. */
export function checkTemplate(source: string, path: readonly PropertyKey[], report: Report): void {
  try {
    parseTemplate('template', toGo(source), templateFunctions);
  } catch (failure) {
    if (!(failure instanceof TemplateError)) throw failure;
    report(path, `a template that cannot be parsed (${failure.message})`, 'a template of Go’s text/template');
  }
}
