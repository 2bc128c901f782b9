/** Where long-running preparations say what they are doing, so that libraries print nothing by themselves. */
export interface Progress {
  step(message: string): void;
}

/** Tells each step on standard error, which keeps standard output for results. */
export const consoleProgress: Progress = {
  step: (message) => void process.stderr.write(`keyrelay: ${message}\n`),
};

/** Tells nobody; for tests. */
export const silentProgress: Progress = {
  step: () => undefined,
};
