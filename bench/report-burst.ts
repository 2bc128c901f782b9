import type { Committed } from './read-results.ts';
import { figure, markdownTable } from './table.ts';

/** What each burst came to: a column for each. */
export function burstTable(result: Committed): string {
  const scenarios = [...new Set(result.names.map((name) => name.slice(0, name.lastIndexOf(': '))))];
  const figures = [...new Set(result.names.map((name) => name.slice(name.lastIndexOf(': ') + 2)))];
  const rows = figures.map((what) => [what, ...scenarios.map((name) => cellOf(result, `${name}: ${what}`))]);
  return [markdownTable([['', ...scenarios], ...rows]), '', `${result.made}.`].join('\n');
}

function cellOf(result: Committed, name: string): string {
  const unit = name.includes('otation') ? ' s' : '';
  const p99 = result.p99(name);
  const value = result.value(name);
  if (Number.isNaN(value)) return '0';
  return `${figure(value)}${unit}${Number.isNaN(p99) ? '' : `, p99 ${figure(p99)}${unit}`}`;
}
