import { accessSync, constants, statSync } from 'node:fs';

/** ESO's own release, which the repository neither contains nor builds. */
export interface EsoFiles {
  /** Path of the operator's executable. */
  readonly binary: string;
  /** Path of the YAML of its custom resource definitions. */
  readonly crds: string;
  /** As the results call it: the executable does not tell. */
  readonly version: string;
}

const WANTED = {
  ESO_BIN: "the path of the operator's executable (of the release image, or built from its source)",
  ESO_CRDS:
    'the path of external-secrets.yaml of the same release, or of deploy/crds/bundle.yaml of its source',
  ESO_VERSION: 'what the results are to call it, such as v2.9.0',
} as const;

/**
 * What to race against, by the environment.
 *
 * @throws {Error} that says all that is missing or not as it must be, and what to give
 */
export function esoFiles(env: Readonly<NodeJS.ProcessEnv>): EsoFiles {
  const given = (name: keyof typeof WANTED): string => env[name] ?? '';
  const missing = (['ESO_BIN', 'ESO_CRDS', 'ESO_VERSION'] as const).filter((name) => given(name) === '');
  const problems = [
    ...missing.map((name) => `${name} is not set: ${WANTED[name]}`),
    ...fileProblems('ESO_BIN', given('ESO_BIN'), constants.X_OK, 'executed'),
    ...fileProblems('ESO_CRDS', given('ESO_CRDS'), constants.R_OK, 'read'),
  ];
  if (problems.length > 0)
    throw new Error(`the race needs a release of External Secrets Operator:\n  ${problems.join('\n  ')}`);
  return { binary: given('ESO_BIN'), crds: given('ESO_CRDS'), version: given('ESO_VERSION') };
}

function fileProblems(name: string, path: string, mode: number, verb: string): readonly string[] {
  if (path === '') return [];
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    return [`${name} is ${path}, which is no file`];
  try {
    accessSync(path, mode);
    return [];
  } catch {
    return [`${name} is ${path}, which cannot be ${verb}`];
  }
}
