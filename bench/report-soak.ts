import type { Committed } from './read-results.ts';
import { figure, markdownTable } from './table.ts';

/** What a soak came to: a row for each figure that was counted. */
export function soakTable(result: Committed): string {
  const rows = result.names.map((name) => [name, figure(result.value(name))]);
  return [markdownTable([['', 'times'], ...rows]), '', `${result.made}.`].join('\n');
}
