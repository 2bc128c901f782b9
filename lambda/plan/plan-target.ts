import { ANNOTATION, ANNOTATION_PREFIX, FIELD_MANAGER, LABEL, MANAGED_BY } from '../contract.ts';
import type { Action, WriteReason } from '../model/action.ts';
import { declarationId, merges } from '../model/declaration.ts';
import type { Declaration } from '../model/declaration.ts';
import { isEso } from '../model/eso.ts';
import { recordedVersions } from '../model/recorded-versions.ts';
import type { Rendered } from '../model/rendered.ts';
import { ownNames, owns } from '../model/target.ts';
import type { DesiredSecret, Marks, Observed, OwnerReference, Owners, Target } from '../model/target.ts';
import { esoStanding, isFree, marksOf } from './eso-standing.ts';
import type { Standing } from './eso-standing.ts';
import { ownerOf, ownersToSet, rivalOwner } from './owner-references.ts';
import { notOurs, owned, ownedByEso, terminating } from './refusals.ts';
import { permits } from './sync-windows.ts';

/**
 * Decides what to do with one target. Pure: same input, same action.
 *
 * | the cluster holds                | Owner, Orphan        | CreateOrMerge | Merge  | None |
 * |----------------------------------|----------------------|---------------|--------|------|
 * | nothing                          | create               | create        | skip   | skip |
 * | ours, as it should be            | keep                 | keep          | keep   | skip |
 * | ours, other version              | update               | update        | update | skip |
 * | ours, declaration changed        | update               | update        | update | skip |
 * | ours, drifted                    | update               | update        | update | skip |
 * | someone else's                   | refuse               | update        | update | skip |
 * | someone else's, take-over asked  | update               | update        | update | skip |
 * | ESO's                            | refuse               | refuse        | refuse | skip |
 * | ESO's, take-over asked           | update               | update        | update | skip |
 * | what a running ESO writes again  | refuse               | refuse        | refuse | skip |
 * | another ExternalSecret's, by its owner reference | refuse | refuse     | refuse | skip |
 * | a Secret that is being deleted   | refuse, try later    | same          | same   | skip |
 *
 * Under refreshPolicy CreatedOnce a Secret that is ours is not written again for another version or declaration, under OnChange not for another
 * version; outside its sync windows neither (https://external-secrets.io/latest/api/externalsecret/#refresh-policies).
 *
 * Where every source is gone: deletion policy Delete deletes what is ours (Owner, Orphan), Retain keeps it.
 */
export function planTarget(
  declaration: Declaration,
  cluster: string,
  rendered: Rendered,
  observed: Observed | undefined,
  now: Date,
): Action {
  const target: Target = { cluster, namespace: declaration.namespace, name: declaration.target.name };
  if (declaration.target.creationPolicy === 'None') return { kind: 'skip', target, reason: 'policy-none' };
  switch (rendered.kind) {
    case 'failure':
      return { kind: 'refuse', target, error: rendered.error };
    case 'empty':
      return planEmpty(declaration, target, observed, now);
    case 'secret':
      return observed === undefined
        ? planMissing(declaration, rendered.secret)
        : planPresent(declaration, rendered.secret, observed, now);
  }
}

function planEmpty(
  declaration: Declaration,
  target: Target,
  observed: Observed | undefined,
  now: Date,
): Action {
  const deletes = declaration.target.deletionPolicy === 'Delete' && !merges(declaration);
  if (!deletes || observed === undefined || !isOurs(declaration, observed) || !isFree(observed, now))
    return { kind: 'skip', target, reason: 'retained' };
  return { kind: 'delete', target, precondition: preconditionOf(observed), reason: 'source-gone' };
}

function planMissing(declaration: Declaration, desired: DesiredSecret): Action {
  if (declaration.target.creationPolicy === 'Merge')
    return { kind: 'skip', target: desired.target, reason: 'target-missing' };
  const owner = ownerOf(declaration);
  return {
    kind: 'create',
    desired: owner === undefined ? desired : { ...desired, owner },
    reason: 'missing',
  };
}

function planPresent(
  declaration: Declaration,
  desired: DesiredSecret,
  observed: Observed,
  now: Date,
): Action {
  const { target } = desired;
  if (observed.terminating) return { kind: 'refuse', target, error: terminating(target) };
  const standing = esoStanding(observed, declaration.takeOver, now);
  if (standing === 'owned' || standing === 'contended')
    return { kind: 'refuse', target, error: ownedByEso(target, standing) };
  const rival = rivalOwner(declaration, observed);
  if (rival !== undefined) return { kind: 'refuse', target, error: owned(target, rival) };
  const ours = merges(declaration) || isOurs(declaration, observed);
  if (!ours && !declaration.takeOver) return { kind: 'refuse', target, error: notOurs(target, observed) };
  const corrections = {
    prune: keysToPrune(declaration, desired, observed),
    unmark: together(marksOf(observed), staleMetadata(desired, observed)),
    ownerReferences: ownersToSet(declaration, observed),
  };
  const reason = ours && standing === 'free' ? writeReason(desired, observed, corrections) : 'take-over';
  if (reason === undefined || !follows(declaration, reason, standing)) return { kind: 'keep', target };
  if (reason === 'version' && !isOpen(declaration, now))
    return { kind: 'skip', target, reason: 'sync-window' };
  return { kind: 'update', desired, precondition: preconditionOf(observed), reason, ...corrections };
}

/** What an apply alone would not put right. */
interface Corrections {
  readonly prune: readonly string[];
  readonly unmark: Marks | undefined;
  readonly ownerReferences: readonly OwnerReference[] | undefined;
}

/** Whether the refresh policy lets the Secret follow what has changed. What ESO created once stays as it is: a take-over would fetch it again. */
function follows({ refresh }: Declaration, reason: WriteReason, standing: Standing): boolean {
  switch (refresh?.policy) {
    case 'CreatedOnce':
      return reason !== 'version' && reason !== 'declaration' && standing !== 'take-over';
    case 'OnChange':
      return reason !== 'version';
    case undefined:
      return true;
  }
}

function isOpen({ refresh }: Declaration, now: Date): boolean {
  return refresh?.windows === undefined || permits(refresh.windows, now);
}

/** Why the Secret must be written, or undefined where it is as it should be. */
function writeReason(
  desired: DesiredSecret,
  observed: Observed,
  { prune, unmark, ownerReferences }: Corrections,
): WriteReason | undefined {
  const { annotations } = observed;
  const is = (name: string): boolean => annotations[name] === desired.annotations[name];
  if (!is(ANNOTATION.declaration) || !is(ANNOTATION.declarationDigest) || !is(ANNOTATION.creationPolicy))
    return 'declaration';
  if (!sameVersions(desired, observed)) return 'version';
  const owned = desired.data.keys().every((key) => owns(observed.keyOwners, key));
  const drifted =
    !owned ||
    prune.length > 0 ||
    unmark !== undefined ||
    ownerReferences !== undefined ||
    !includes(observed.labels, desired.labels) ||
    !includes(annotations, desired.annotations);
  return drifted ? 'drift' : undefined;
}

function sameVersions(desired: DesiredSecret, observed: Observed): boolean {
  const wanted = recordedVersions(desired.annotations);
  const held = recordedVersions(observed.annotations);
  return (
    wanted.size === held.size && wanted.entries().every(([id, version]) => held.get(id)?.id === version.id)
  );
}

/**
 * Keys that apply alone would not remove. Where the relay owns the whole Secret, that is every key that is not declared; elsewhere those
 * that only the relay owns, perhaps together with an ESO whose place it took: who wrote the same value before stays an owner.
 */
function keysToPrune(
  declaration: Declaration,
  desired: DesiredSecret,
  observed: Observed,
): readonly string[] {
  const undeclared = [...observed.keyOwners].filter(([key]) => !desired.data.has(key));
  const ours = merges(declaration)
    ? undeclared.filter(
        ([, owners]) =>
          owners.has(FIELD_MANAGER) && [...owners].every((owner) => owner === FIELD_MANAGER || isEso(owner)),
      )
    : undeclared;
  return ours.map(([key]) => key);
}

/**
 * Labels and annotations that the relay wrote once and the declaration no longer asks for. Apply alone would leave them: the request that created
 * the Secret was no apply, and owns them still (https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership).
 */
function staleMetadata(desired: DesiredSecret, { metadataOwners }: Observed): Marks | undefined {
  const stale = (owners: Owners, wanted: Readonly<Record<string, string>>): readonly string[] =>
    ownNames(owners).filter((name) => !(name in wanted) && owners.get(name)?.size === 1);
  const labels = stale(metadataOwners.labels, desired.labels);
  const annotations = stale(metadataOwners.annotations, desired.annotations).filter(
    (name) => !name.startsWith(ANNOTATION_PREFIX),
  );
  return labels.length + annotations.length === 0 ? undefined : { labels, annotations };
}

function together(one: Marks | undefined, other: Marks | undefined): Marks | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    labels: [...new Set([...one.labels, ...other.labels])],
    annotations: [...new Set([...one.annotations, ...other.annotations])],
  };
}

/** Whether the relay wrote it. Someone may have removed the label by hand: that is drift, and the declaration's annotation still tells. */
function isOurs(declaration: Declaration, observed: Observed): boolean {
  return (
    observed.labels[LABEL.managedBy] === MANAGED_BY ||
    (observed.annotations[ANNOTATION.declaration] === declarationId(declaration) &&
      observed.labels[LABEL.managedBy] === undefined)
  );
}

function includes(all: Readonly<Record<string, string>>, some: Readonly<Record<string, string>>): boolean {
  return Object.entries(some).every(([name, value]) => name === ANNOTATION.versions || all[name] === value);
}

function preconditionOf(observed: Observed): { uid: string; resourceVersion: string } {
  return { uid: observed.uid, resourceVersion: observed.resourceVersion };
}
