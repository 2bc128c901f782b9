import { fn0, fn1, fn2, string, structParam } from '../signature.ts';
import { FunctionError } from '../template-error.ts';
import { int, struct } from '../value.ts';
import type { GoStruct, TemplateFunction, Value } from '../value.ts';
import { meets, parseConstraints } from './version-constraint.ts';
import { compareVersions, parseVersion, versionText } from './version.ts';
import type { Version } from './version.ts';
import type { NamedFunctions } from './names.ts';

/** Sprig's semantic versions (https://masterminds.github.io/sprig/semver.html). */
export const versionFunctions: NamedFunctions = [
  ['semver', fn1(string, (text) => versionStruct(versionOf(text), '*semver.Version'))],
  ['semverCompare', fn2(string, string, compare)],
];

function compare(constraint: string, text: string): Value {
  const constraints = parseConstraints(constraint);
  if (constraints === undefined) throw new FunctionError('the constraint cannot be parsed');
  return meets(versionOf(text), constraints);
}

function versionOf(text: string): Version {
  const version = parseVersion(text);
  if (version === undefined) throw new FunctionError('the text is no semantic version');
  return version;
}

const pointer = structParam('*semver.Version');

/** What a template may ask a version; the next versions are no pointers, and so cannot be compared with. */
function versionStruct(version: Version, type: '*semver.Version' | 'semver.Version'): GoStruct {
  const { major, minor, patch, prerelease, metadata, original } = version;
  const text = (): string => versionText(version);
  const compared = (result: (order: number) => Value): TemplateFunction =>
    fn1(pointer, (other) => result(compareVersions(version, versionIn(other))));
  const next = (parts: Partial<Version>): Value => {
    const changed = { ...version, prerelease: '', metadata: '', ...parts };
    const prefix = original.startsWith('v') ? 'v' : '';
    return versionStruct({ ...changed, original: prefix + versionText(changed) }, 'semver.Version');
  };
  const pointerMethods: NamedFunctions = [
    ['Original', fn0(() => original)],
    ['Compare', compared((order) => int(order))],
    ['Equal', compared((order) => order === 0)],
    ['LessThan', compared((order) => order < 0)],
    ['LessThanEqual', compared((order) => order <= 0)],
    ['GreaterThan', compared((order) => order > 0)],
    ['GreaterThanEqual', compared((order) => order >= 0)],
  ];
  return struct(type, {
    text,
    payload: version,
    json: text(),
    methods: [
      ['String', fn0(text)],
      ['Major', fn0(() => int(major, 'uint64'))],
      ['Minor', fn0(() => int(minor, 'uint64'))],
      ['Patch', fn0(() => int(patch, 'uint64'))],
      ['Prerelease', fn0(() => prerelease)],
      ['Metadata', fn0(() => metadata)],
      ['IncMajor', fn0(() => next({ major: major + 1n, minor: 0n, patch: 0n }))],
      ['IncMinor', fn0(() => next({ minor: minor + 1n, patch: 0n }))],
      ['IncPatch', fn0(() => next({ patch: prerelease === '' ? patch + 1n : patch }))],
      ...(type === '*semver.Version' ? pointerMethods : []),
    ],
  });
}

function versionIn({ payload }: GoStruct): Version {
  if (isVersion(payload)) return payload;
  throw new Error('defect: a *semver.Version holds no version');
}

function isVersion(payload: unknown): payload is Version {
  return typeof payload === 'object' && payload !== null && 'prerelease' in payload;
}
