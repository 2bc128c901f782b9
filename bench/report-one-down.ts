import type { Committed } from './read-results.ts';
import { figure, markdownTable } from './table.ts';

/** What the nine notice of the tenth: a row for each state, and how they compare. */
export function oneDownTable(result: Committed): string {
  const rowOf = (state: string, called: string): readonly string[] => {
    const wait = `${called}: rotation to Secret`;
    const times = [result.value(wait), result.p99(wait), result.value(`${called}: slowest`)];
    return [state, ...times.map((ms) => `${figure(ms)} ms`)];
  };
  const ratios = ['ratio of the medians', 'ratio of the slowest of a hundred'].map((name) =>
    figure(result.value(name)),
  );
  return [
    markdownTable([
      ['rotation to Secret, in each of the nine', 'p50', 'p99', 'slowest'],
      rowOf('all ten up', 'all up'),
      rowOf('one of the ten never answers', 'one down'),
      ['**ratio**', ...ratios.map((ratio) => `**${ratio}**`), ''],
    ]),
    '',
    `${figure(result.value('rotations with all up, and with one down'))} rotations in each state. ${result.made}.`,
  ].join('\n');
}
