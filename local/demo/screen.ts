/** What the demo prints: a story on one screen. */
export interface Screen {
  title(text: string): void;
  /** Runs a step and says what happened and how long it took. */
  step(what: string, run: () => Promise<readonly string[]>): Promise<void>;
  note(text: string): void;
}

const useColor = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
const paint = (code: number, text: string): string => (useColor ? `\u001b[${code}m${text}\u001b[0m` : text);

/** A screen on standard output. */
export function createScreen(): Screen {
  let count = 0;
  return {
    title: (text) => console.log(`\n${paint(1, text)}\n`),
    step: async (what, run) => {
      count += 1;
      const started = performance.now();
      const lines = await run();
      const took = performance.now() - started;
      console.log(`${paint(36, `${count}.`)} ${paint(1, what)} ${paint(2, `(${duration(took)})`)}`);
      for (const line of lines) console.log(`   ${line}`);
      console.log();
    },
    note: (text) => console.log(paint(2, text)),
  };
}

/** `38 ms`, `1.2 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** A value as it may be shown: its length, not its text. */
export function masked(value: string): string {
  return `${'•'.repeat(Math.min(8, value.length))} (${value.length} characters)`;
}
