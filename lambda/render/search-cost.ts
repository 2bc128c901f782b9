import type { RE2JS } from 're2js';

/** Instructions of a program, times characters of the text, that one step of a template pays for: about 10 microseconds where it is worst. */
const SEARCH_PER_STEP = 512;
/** What may match without end; one that is escaped counts too, and costs more than it takes. */
const REPETITION = /[*+]|\{\d+,\}/u;

/** What a search from `from`, which found a match that ends at `end`, costs in steps at most. */
export type SearchCost = (from: number, end: number | undefined) => number;

/**
 * A search is linear in the text, and still many of them are not: `a*b|a` looks at all the rest for each `a`, as it does in Go. Without a repetition
 * an expression looks no further than its program is long.
 */
export function searchCost(expression: RE2JS, text: string): SearchCost {
  const size = expression.programSize();
  const isEndless = REPETITION.test(expression.pattern());
  return (from, end) => {
    const rest = text.length - from;
    const reach = end === undefined || isEndless ? rest : Math.min(rest, end - from + size);
    return (size * reach) / SEARCH_PER_STEP;
  };
}
