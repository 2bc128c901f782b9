/** Measures how long calls of ports are under way. */
export interface Stopwatch {
  /** The same port, whose calls are measured. */
  watch<T extends object>(port: T): T;
  /** Milliseconds since the last reset in which at least one call was open: calls side by side count once. */
  elapsed(): number;
  reset(): void;
}

export function createStopwatch(now: () => number = () => performance.now()): Stopwatch {
  let open = 0;
  let since = 0;
  let sum = 0;
  const timed = async (call: () => unknown): Promise<unknown> => {
    if (open === 0) since = now();
    open += 1;
    try {
      return await call();
    } finally {
      open -= 1;
      if (open === 0) sum += now() - since;
    }
  };
  return {
    watch: (port) =>
      new Proxy(port, {
        get: (target, key) => {
          const member: unknown = Reflect.get(target, key);
          if (typeof member !== 'function') return member;
          return (...args: readonly unknown[]) => timed((): unknown => Reflect.apply(member, target, args));
        },
      }),
    elapsed: () => sum,
    reset: () => {
      sum = 0;
    },
  };
}
