import { RE2JS } from 're2js';
import { RelayError } from '../errors.ts';
import type { Rewrite } from '../model/value-options.ts';
import { renameKeys } from './keys.ts';
import { replaceAll } from './replace-all.ts';
import type { Bounds } from './replace-all.ts';
import { rewriteMerge } from './rewrite-merge.ts';
import { templateFunctions } from './template/functions/template-functions.ts';
import { fromGo, toGo } from './template/go-string.ts';
import { LIMIT } from './template/limits.ts';
import { TemplateError } from './template/template-error.ts';
import { execute, parseTemplate } from './template/template.ts';
import { STRING_DICT, dict } from './template/value.ts';

/**
 * The keys of an item rewritten, step after step (https://external-secrets.io/latest/guides/datafrom-rewrite/). A key that becomes empty is
 * dropped.
 *
 * @throws RelayError REWRITE_FAILED; KEY_CONFLICT where two keys become one
 */
export function rewrite(
  steps: readonly Rewrite[],
  data: ReadonlyMap<string, Uint8Array>,
  where: string,
): ReadonlyMap<string, Uint8Array> {
  return steps.reduce((keys, step, index) => apply(step, keys, `${where} rewrite[${index}]`), data);
}

function apply(
  step: Rewrite,
  data: ReadonlyMap<string, Uint8Array>,
  where: string,
): ReadonlyMap<string, Uint8Array> {
  switch (step.kind) {
    case 'regexp':
      return renameKeys(data, byExpression(step.source, step.target, where), where);
    case 'transform':
      return renameKeys(data, byTemplate(step.template, where), where);
    case 'merge':
      return rewriteMerge(step, data, where);
  }
}

/** The compiler has checked the expression: one that cannot be parsed is a defect here. */
function byExpression(source: string, target: string, where: string): (key: string) => string {
  const expression = RE2JS.compile(source);
  const bounds = boundsOf(where);
  return (key) => replaceAll(expression, key, target, bounds);
}

/** Expressions come from tenants, and keys from secrets: together they get what a template gets. */
function boundsOf(where: string): Bounds {
  let spent = 0;
  const fail = (what: string): never => {
    throw new RelayError('REWRITE_FAILED', `${where}: ${what}; write a simpler expression`);
  };
  return {
    spend: (steps) => {
      spent += steps;
      if (spent > LIMIT.steps) fail('the expression takes too long for these keys');
    },
    checkLength: (length) => {
      if (length > LIMIT.text) fail(`it makes a key that is longer than ${LIMIT.text} characters`);
    },
  };
}

function byTemplate(source: string, where: string): (key: string) => string {
  const template = parseTemplate('transform', toGo(source), templateFunctions);
  return (key) => {
    try {
      return fromGo(execute(template, dict([['value', toGo(key)]], STRING_DICT)));
    } catch (failure) {
      if (!(failure instanceof TemplateError)) throw failure;
      throw new RelayError('REWRITE_FAILED', `${where}: ${failure.message}`);
    }
  };
}
