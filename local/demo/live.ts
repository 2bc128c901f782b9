/** Shows some lines that change. */
export interface Live {
  show(lines: readonly string[]): void;
}

const UP = '\u001b[';
const CLEAR_LINE = '\u001b[2K';

/** What a terminal is to be sent so that `lines` stand where `before` lines stood. Pure. */
export function redraw(lines: readonly string[], before: number): string {
  const back = before === 0 ? '' : `${UP}${before}A\r`;
  return `${back}${lines.map((line) => `${CLEAR_LINE}${line}\n`).join('')}`;
}

export interface LiveOptions {
  readonly write: (text: string) => void;
  /** Whether it may be redrawn in place. */
  readonly terminal: boolean;
  /** Milliseconds of any clock. */
  readonly now: () => number;
}

/** So often at most, where lines are added and not redrawn. */
const LINES_EVERY_MS = 1000;

/** In a terminal the lines are redrawn in place; elsewhere they come as one line, once a second while anything changes. */
export function createLive({ write, terminal, now }: LiveOptions): Live {
  let height = 0;
  let last = Number.NEGATIVE_INFINITY;
  return {
    show: (lines) => {
      if (terminal) {
        write(redraw(lines, height));
        height = lines.length;
        return;
      }
      if (now() - last < LINES_EVERY_MS) return;
      last = now();
      write(`   ${lines.map((line) => line.trim().replaceAll(/ {2,}/gu, '  ')).join(' | ')}\n`);
    },
  };
}
