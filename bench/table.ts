/** A Markdown table with its columns as wide as they need to be, which is how the formatter leaves it. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const lineOf = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lineOf(head), rule, ...body.map(lineOf)].join('\n');
}

/** A figure as people read it: three digits that count, thousands apart. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '';
  const rounded = value === 0 ? 0 : Number(value.toPrecision(value >= 100 ? 6 : 3));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: value >= 100 ? 0 : 2 });
}
