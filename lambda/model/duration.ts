/** Seconds in Go's units (https://pkg.go.dev/time#ParseDuration). */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** The seconds of a Go duration such as `1h0m0s`; 0 for what is none. */
export function durationSeconds(duration: string): number {
  const parts = duration.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/gu);
  return parts.reduce((sum, [, amount = '0', unit = 's']) => sum + Number(amount) * (UNITS[unit] ?? 1), 0);
}
