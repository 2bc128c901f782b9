import { unescape } from './json-string.ts';
import { endOfQuotes } from './quotes.ts';
import { trimmed } from './scan.ts';

/** `exists` where the query has none; `!` alone is one that nothing answers. */
export type Operator = 'exists' | '=' | '!=' | '<' | '<=' | '>' | '>=' | '%' | '!%' | '!';

const OPERATORS = ['!=', '!%', '<=', '>=', '=', '<', '>', '%'] as const;

/** `#(PATH OPERATOR VALUE)`, and with a `#` behind it all that answer it. */
export interface Query {
  readonly all: boolean;
  readonly path: string;
  readonly operator: Operator;
  readonly value: string;
}

/** A query, and where the path goes on behind its bracket. */
interface ParsedQuery {
  readonly query: Query;
  readonly end: number;
}

/** What a query that is never closed comes to: the first element that is no object or array answers it. */
const UNCLOSED: Query = { all: false, path: '', operator: 'exists', value: '' };

/** The query that a path begins with, if it does. */
export function parseQuery(path: string): ParsedQuery | undefined {
  if (!path.startsWith('#(') && !path.startsWith('#[')) return undefined;
  const { operatorAt, close, hasEscape } = findParts(path);
  if (close === undefined) return { query: UNCLOSED, end: path.length };
  const comparison = trimmed(operatorAt === undefined ? '' : path.slice(operatorAt, close));
  const { operator, width } = operatorOf(comparison);
  const query: Query = {
    all: path[close + 1] === '#',
    path: trimmed(path.slice(2, operatorAt ?? close)),
    operator,
    value: literalOf(trimmed(comparison.slice(width)), hasEscape),
  };
  return { query, end: close + 1 };
}

interface Parts {
  readonly operatorAt: number | undefined;
  readonly close: number | undefined;
  readonly hasEscape: boolean;
}

/** The operator outside of inner brackets, and the bracket that closes; texts in quotes hold neither. */
function findParts(path: string): Parts {
  let depth = 1;
  let operatorAt: number | undefined;
  let hasEscape = false;
  for (let at = 2; at < path.length; at += 1) {
    const char = path.charAt(at);
    if (depth === 1 && operatorAt === undefined && '!=<>%'.includes(char)) operatorAt = at;
    else if (char === '\\') at += 1;
    else if (char === '[' || char === '(') depth += 1;
    else if (char === ']' || char === ')') depth -= 1;
    else if (char === '"') {
      const end = endOfQuotes(path, at);
      hasEscape ||= path.slice(at, end).includes('\\');
      at = end;
    }
    if (depth === 0) return { operatorAt, close: at, hasEscape };
  }
  return { operatorAt, close: undefined, hasEscape };
}

/** `==` is another spelling of `=`, and what begins with `!` otherwise is no operator. */
function operatorOf(comparison: string): { readonly operator: Operator; readonly width: number } {
  if (comparison === '!') return { operator: '!', width: 1 };
  const operator = OPERATORS.find((each) => comparison.startsWith(each));
  if (operator === undefined) return { operator: 'exists', width: 0 };
  return { operator, width: comparison.startsWith('==') ? 2 : operator.length };
}

function literalOf(value: string, hasEscape: boolean): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  const inner = value.slice(1, -1);
  return hasEscape ? unescape(inner) : inner;
}
