import { compareVersions, parseVersion } from './version.ts';
import type { Version } from './version.ts';

/** `>=1.2`: `open` is the first part of the version that is missing or `x`. */
interface Constraint {
  readonly operator: string;
  readonly version: Version;
  readonly open: 'major' | 'minor' | 'patch' | undefined;
}

/** A version meets them where it meets all constraints of one of the groups. */
export type Constraints = readonly (readonly Constraint[])[];

const LABELS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const NUMBER = '[0-9xX|*]+';
const PARTS = `v?${NUMBER}(?:\\.${NUMBER})?(?:\\.${NUMBER})?(?:-${LABELS})?(?:\\+${LABELS})?`;
const ONE = `(?:=||!=|>|<|>=|=>|<=|=<|~|~>|\\^)\\s*${PARTS}`;
const EACH = new RegExp(ONE, 'gu');
const GROUP = new RegExp(`^\\s*${ONE}\\s*(?:(?:\\s+|,\\s*)${ONE}\\s*)*$`, 'u');
const RANGE = new RegExp(`\\s*(${PARTS})\\s+-\\s+(${PARTS})\\s*`, 'gu');
const SPLIT = new RegExp(
  `^([^\\dxXv|*]*?)\\s*v?(${NUMBER})(?:\\.(${NUMBER}))?(?:\\.(${NUMBER}))?(-${LABELS})?(?:\\+${LABELS})?$`,
  'u',
);
/** The expressions above take more than linear time. */
const MAX_LENGTH = 500;

/** Masterminds/semver's constraints, such as `>=1.2 <3 || ^4`; undefined where the text is none. */
export function parseConstraints(text: string): Constraints | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const groups = text.replaceAll(RANGE, '>= $1, <= $2 ').split('||').map(parseGroup);
  const parsed = groups.filter((group) => group !== undefined);
  return parsed.length === groups.length ? parsed : undefined;
}

function parseGroup(text: string): readonly Constraint[] | undefined {
  if (!GROUP.test(text)) return undefined;
  const all = (text.match(EACH) ?? []).map(parseConstraint);
  const parsed = all.filter((one) => one !== undefined);
  return parsed.length === all.length ? parsed : undefined;
}

function parseConstraint(text: string): Constraint | undefined {
  const [, operator = '', major = '', minor = 'x', patch = 'x', prerelease = ''] = SPLIT.exec(text) ?? [];
  const open = isX(major) ? 'major' : isX(minor) ? 'minor' : isX(patch) ? 'patch' : undefined;
  const numbers =
    open === 'major'
      ? '0.0.0'
      : open === 'minor'
        ? `${major}.0.0`
        : `${major}.${minor}.${open === 'patch' ? '0' : patch}`;
  const version = parseVersion(numbers + prerelease);
  return version === undefined ? undefined : { operator, version, open };
}

function isX(part: string): boolean {
  return ['x', 'X', '*'].includes(part);
}

/** Whether the version meets the constraints. A prerelease meets none of a group that names no prerelease. */
export function meets(version: Version, constraints: Constraints): boolean {
  return constraints.some((group) => {
    const takesPrereleases = group.some((one) => one.version.prerelease !== '');
    return (version.prerelease === '' || takesPrereleases) && group.every((one) => meetsOne(version, one));
  });
}

function meetsOne(version: Version, constraint: Constraint): boolean {
  const { operator, version: bound, open } = constraint;
  const order = compareVersions(version, bound);
  switch (operator) {
    case '!=':
      return differs(version, constraint);
    case '>':
      return isAbove(version, constraint);
    case '<':
      return order < 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '<=':
    case '=<':
      return open === undefined ? order <= 0 : !isBeyond(version, constraint);
    case '^':
      return order >= 0 && isCompatible(version, constraint);
    case '~':
    case '~>':
      return isNear(version, constraint);
    default:
      return open === undefined ? order === 0 : isNear(version, constraint);
  }
}

function differs(version: Version, { version: bound, open }: Constraint): boolean {
  if (open === undefined || open === 'major') return compareVersions(version, bound) !== 0;
  if (version.major !== bound.major) return true;
  if (open === 'minor') return false;
  return version.minor !== bound.minor || version.prerelease !== bound.prerelease;
}

/** `>1` is above all of 1, `>1.2` above all of 1.2. */
function isAbove(version: Version, { version: bound, open }: Constraint): boolean {
  if (open === undefined || open === 'major') return compareVersions(version, bound) > 0;
  if (version.major !== bound.major) return version.major > bound.major;
  return open === 'patch' && version.minor > bound.minor;
}

/** What `<=1` and `<=1.2` leave out. */
function isBeyond(version: Version, { version: bound, open }: Constraint): boolean {
  if (version.major !== bound.major) return version.major > bound.major;
  return open !== 'minor' && version.minor > bound.minor;
}

/** `~1.2`: from there on, of the same minor version; of the same major one where no minor is said. */
function isNear(version: Version, { version: bound, open }: Constraint): boolean {
  if (compareVersions(version, bound) < 0) return false;
  const isAnything = bound.major === 0n && bound.minor === 0n && bound.patch === 0n;
  if (isAnything && open !== 'minor' && open !== 'patch') return true;
  return version.major === bound.major && (open === 'minor' || version.minor === bound.minor);
}

/** `^1.2`: the same first part that is not 0. */
function isCompatible(version: Version, { version: bound, open }: Constraint): boolean {
  if (bound.major > 0n || open === 'minor') return version.major === bound.major;
  if (version.major > 0n) return false;
  if (bound.minor > 0n || open === 'patch') return version.minor === bound.minor;
  return version.minor === 0n && version.patch === bound.patch;
}
