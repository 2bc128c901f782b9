/**
 * Looks until something is there: what it returns once that is neither undefined nor false. The limit is a safety net, far above what is
 * needed, so that no test depends on speed.
 */
export async function until<T>(look: () => Promise<T | undefined | false>, limitMs = 90_000): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`not there after ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
