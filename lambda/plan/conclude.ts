import { ANNOTATION, ANNOTATION_PREFIX } from '../contract.ts';
import type { Action } from '../model/action.ts';
import {
  declarationId,
  findsOf,
  sourceId,
  sourcesOf,
  templateObjectId,
  templateObjectsOf,
} from '../model/declaration.ts';
import type { Declaration } from '../model/declaration.ts';
import { fieldsDigest } from '../model/fields-digest.ts';
import { serializeVersions } from '../model/recorded-versions.ts';
import { findId } from '../model/source.ts';
import type { SourceVersion, Survey, TemplateObjects } from '../model/source.ts';
import { ownNames } from '../model/target.ts';
import type { DesiredSecret, Observed, Target } from '../model/target.ts';
import { Sensitive } from '../sensitive.ts';
import { planTarget } from './plan-target.ts';

/** What is known without a value. */
export interface Known {
  readonly survey: Pick<Survey, 'versions' | 'members'>;
  readonly objects: TemplateObjects;
}

/**
 * Concludes from metadata alone that there is nothing to do for a target; undefined where that is not certain, and the values have to be read.
 * Pure, and decided by `planTarget` itself: the Secret that it is shown has the names of what the relay still owns and no values, so that only
 * an action that writes nothing may come of it (guarantee 2: a version from a list may serve to conclude, never to write).
 */
export function conclude(
  declaration: Declaration,
  cluster: string,
  observed: Observed,
  known: Known,
  now: Date,
): Action | undefined {
  const versions = versionsOf(declaration, known);
  if (versions === undefined || !isUntouched(observed)) return undefined;
  const target = { cluster, namespace: declaration.namespace, name: declaration.target.name };
  const secret = outlineOf(declaration, target, observed, versions);
  const action = planTarget(declaration, cluster, { kind: 'secret', secret, versions }, observed, now);
  return action.kind === 'keep' || action.kind === 'skip' ? action : undefined;
}

/** The versions that a rendering would record, or undefined where one of them is not known. */
function versionsOf(
  declaration: Declaration,
  { survey, objects }: Known,
): ReadonlyMap<string, SourceVersion> | undefined {
  const members = findsOf(declaration).map((query) => survey.members.get(findId(query)));
  if (members.includes(undefined)) return undefined;
  const refs = [...members.flatMap((list) => list ?? []), ...sourcesOf(declaration)];
  const found = refs.map((ref) => [sourceId(ref), survey.versions.get(sourceId(ref))] as const);
  const held = templateObjectsOf(declaration).map((ref) => {
    const result = objects.get(templateObjectId(ref));
    return [templateObjectId(ref), result?.kind === 'object' ? result.object.version : undefined] as const;
  });
  const versions = new Map<string, SourceVersion>();
  for (const [id, version] of [...found, ...held]) {
    if (version === undefined) return undefined;
    versions.set(id, { id: version, created: undefined });
  }
  return versions.size === 0 ? undefined : versions;
}

/** Whether the relay still owns each key, label and annotation that it wrote, and so has its value there. */
function isUntouched({ annotations, keyOwners, metadataOwners }: Observed): boolean {
  const held = fieldsDigest({
    keys: ownNames(keyOwners),
    labels: ownNames(metadataOwners.labels),
    annotations: ownNames(metadataOwners.annotations),
  });
  return annotations[ANNOTATION.fields] === held;
}

/** The Secret as the relay would write it, less its values. */
function outlineOf(
  declaration: Declaration,
  target: Target,
  observed: Observed,
  versions: ReadonlyMap<string, SourceVersion>,
): DesiredSecret {
  const { labels, annotations, keyOwners, metadataOwners } = observed;
  const only = (
    all: Readonly<Record<string, string>>,
    names: readonly string[],
  ): Readonly<Record<string, string>> =>
    Object.fromEntries(names.flatMap((name) => (name in all ? [[name, all[name] ?? '']] : [])));
  const templated = ownNames(metadataOwners.annotations).filter(
    (name) => !name.startsWith(ANNOTATION_PREFIX),
  );
  return {
    target,
    type: undefined,
    labels: only(labels, ownNames(metadataOwners.labels)),
    annotations: {
      ...only(annotations, templated),
      ...only(annotations, [ANNOTATION.fields]),
      [ANNOTATION.declaration]: declarationId(declaration),
      [ANNOTATION.declarationDigest]: declaration.digest,
      [ANNOTATION.versions]: serializeVersions(versions),
      [ANNOTATION.creationPolicy]: declaration.target.creationPolicy,
      ...(declaration.rollout === undefined ? {} : { [ANNOTATION.rolloutPolicy]: declaration.rollout }),
    },
    data: new Map(ownNames(keyOwners).map((key) => [key, new Sensitive(new Uint8Array())])),
  };
}
