/** A semantic version (https://semver.org), as Masterminds/semver takes it: `v1` and `1.2` are 1.0.0 and 1.2.0, zeros may lead. */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  /** As it was written. */
  readonly original: string;
}

const LABELS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const VERSION = new RegExp(`^v?(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(?:-(${LABELS}))?(?:\\+(${LABELS}))?$`, 'u');
const MAX_LENGTH = 1000;
const MAX_UINT64 = (1n << 64n) - 1n;

/** Undefined where the text is no version. */
export function parseVersion(text: string): Version | undefined {
  const match = text.length > MAX_LENGTH ? null : VERSION.exec(text);
  if (match === null) return undefined;
  const [, major = '0', minor = '0', patch = '0', prerelease = '', metadata = ''] = match;
  const numbers = [major, minor, patch].map(BigInt);
  const leadsWithZero = prerelease.split('.').some((label) => /^0\d+$/u.test(label));
  if (leadsWithZero || numbers.some((number) => number > MAX_UINT64)) return undefined;
  const [first = 0n, second = 0n, third = 0n] = numbers;
  return { major: first, minor: second, patch: third, prerelease, metadata, original: text };
}

/** In its full spelling, without `v`. */
export function versionText({ major, minor, patch, prerelease, metadata }: Version): string {
  const tail = (prerelease === '' ? '' : `-${prerelease}`) + (metadata === '' ? '' : `+${metadata}`);
  return `${major}.${minor}.${patch}${tail}`;
}

/** Below, at or above 0, by precedence; metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  for (const part of ['major', 'minor', 'patch'] as const)
    if (a[part] !== b[part]) return a[part] < b[part] ? -1 : 1;
  return comparePrereleases(a.prerelease, b.prerelease);
}

/** A release comes after its prereleases. */
function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const [left, right] = [a.split('.'), b.split('.')];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = compareLabels(left[at] ?? '', right[at] ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Nothing before numbers, numbers before words. */
function compareLabels(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? -1 : 1;
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== undefined && right !== undefined) return left > right ? 1 : -1;
  if (left === undefined && right === undefined) return a > b ? 1 : -1;
  return left === undefined ? 1 : -1;
}

function numberOf(label: string): bigint | undefined {
  const number = /^\d+$/u.test(label) ? BigInt(label) : undefined;
  return number !== undefined && number <= MAX_UINT64 ? number : undefined;
}
