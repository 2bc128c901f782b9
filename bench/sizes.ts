/** The sizes to measure: those of the benchmark, or what `BENCH_SIZES=100,1000` says, to try a benchmark out. */
export function sizesOf(usual: readonly number[]): readonly number[] {
  const wanted = process.env['BENCH_SIZES'];
  return wanted === undefined ? usual : wanted.split(',').map(Number);
}
