import { builtins } from './builtins.ts';
import { executeBlock } from './execute.ts';
import type { Execution } from './execution.ts';
import { LIMIT } from './limits.ts';
import { parse } from './parser.ts';
import type { Parsed } from './parser.ts';
import { TemplateError } from './template-error.ts';
import type { TemplateFunction, Value } from './value.ts';

/** A parsed template; it can be executed any number of times. */
export interface Template {
  readonly parsed: Parsed;
  readonly functions: ReadonlyMap<string, TemplateFunction>;
}

/**
 * Parses the source of a Go text/template. Name, source and all texts are binary strings (go-string.ts).
 *
 * @param functions what templates may call besides Go's own functions; of the same name, they win
 * @throws TemplateError
 */
export function parseTemplate(
  name: string,
  source: string,
  functions: ReadonlyMap<string, TemplateFunction>,
): Template {
  if (source.length > LIMIT.source)
    throw new TemplateError('parse', `template: ${name}: the source is longer than ${LIMIT.source} bytes`);
  const parsed = parse(name, source, (word) => functions.get(word) ?? builtins.get(word));
  return { parsed, functions };
}

/**
 * Executes a template with data as dot, under the option missingkey=error. Pure: nothing but the data is read, and the same data gives
 * the same text.
 *
 * @returns a binary string
 * @throws TemplateError; its message holds nothing of the data
 */
export function execute(template: Template, data: Value): string {
  const { parsed, functions } = template;
  const execution: Execution = {
    parsed,
    functions,
    output: [],
    outputLength: 0,
    steps: 0,
    depth: 0,
    templates: 0,
    templateName: parsed.name,
    at: undefined,
    variables: [{ name: '$', value: data }],
  };
  executeBlock(execution, data, parsed.templates.get(parsed.name) ?? []);
  return execution.output.join('');
}
