/** As many digits as tell any float32 from its neighbours. */
const MAX_DIGITS = 9;

/**
 * A number as float32, by the float64 with the fewest digits that is it: sigs.k8s.io/yaml makes texts of floats with the precision of float32,
 * so that 3.14159265358979 becomes 3.1415927.
 */
export function shortestFloat32(value: number): number {
  const single = Math.fround(value);
  if (single === 0 || !Number.isFinite(single)) return single;
  for (let digits = 1; digits < MAX_DIGITS; digits++) {
    const shorter = Number(single.toPrecision(digits));
    if (Math.fround(shorter) === single) return shorter;
  }
  return Number(single.toPrecision(MAX_DIGITS));
}
