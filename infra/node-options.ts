import type { FunctionName } from './bundle.ts';

/**
 * What Node is started with, where its own choice does not fit. V8 sizes its heap by the machine and collects late where there is room: a sweep of
 * 10,000 Secrets then takes 250 MB and more, of which it uses 60. Told that it may have half of the function's 1,024 MB, and small spaces for what is
 * new, it stays below 170 MB for the same time (bench/README.md).
 */
export const NODE_OPTIONS: Readonly<Partial<Record<FunctionName, string>>> = {
  'reconcile-shard': '--max-old-space-size=512 --max-semi-space-size=8',
};
