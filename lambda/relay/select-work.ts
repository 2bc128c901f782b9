import { matchesFind, matchesRef, selectDeclarations } from '../declarations/match.ts';
import type { ShardMessage } from '../events/sqs-message.ts';
import type { SourceChange } from '../model/change.ts';
import type { CompiledConfig } from '../model/config.ts';
import { declarationId, findsOf, sourceId, sourcesOf } from '../model/declaration.ts';
import type { Declaration } from '../model/declaration.ts';
import type { ExpectedVersion } from '../plan/confirmation.ts';
import type { Work } from './ports.ts';
import type { PushMessage } from './push.ts';

/** The declarations and clusters that a message concerns; none where it concerns nothing that is declared (any more). */
export function selectWork(config: CompiledConfig, { content }: PushMessage): readonly Work[] {
  switch (content.kind) {
    case 'change':
      return selectDeclarations(config, content.change).flatMap((declaration) =>
        workOf(config, declaration, declaration.clusters, content.change),
      );
    case 'retry': {
      const declaration = config.declarations.find(
        // The same name may be declared separately for other clusters.
        (candidate) =>
          declarationId(candidate) === content.declaration && candidate.clusters.includes(content.cluster),
      );
      if (declaration === undefined) return [];
      const work = workOf(config, declaration, [content.cluster], content.change);
      const earlier = (content.earlier ?? []).map((event) => ({ event }));
      return work.map((item) => ({ ...item, causes: [...(item.causes ?? []), ...earlier] }));
    }
    case 'ask':
      return selectDeclarations(config, content.change)
        .filter((declaration) => isAskedFor(declaration) && declaration.clusters.includes(content.cluster))
        .flatMap((declaration) => workOf(config, declaration, [content.cluster], content.change));
    case 'ignored':
    case 'malformed':
      return [];
  }
}

/** Whether a cluster has to be asked before it is known that a declaration counts there. */
function isAskedFor({ origin, selectors }: Declaration): boolean {
  return origin !== undefined || selectors !== undefined;
}

/**
 * Every declaration of some namespaces in one cluster.
 *
 * @param sweep the id of the message that asks for it
 */
export function workOfShard(
  config: CompiledConfig,
  { cluster, namespaces }: Pick<ShardMessage, 'cluster' | 'namespaces'>,
  sweep: string,
): readonly Work[] {
  const wanted = new Set(namespaces);
  return config.declarations
    .filter((declaration) => wanted.has(declaration.namespace) && declaration.clusters.includes(cluster))
    .map((declaration) => ({
      declaration,
      cluster,
      expected: new Map(),
      causes: [{ sweep }],
      restarts: restartsFor(config, cluster, declaration),
    }));
}

function workOf(
  config: CompiledConfig,
  declaration: Declaration,
  clusters: readonly string[],
  change: SourceChange | undefined,
): readonly Work[] {
  const expected = change === undefined ? new Map() : expectedVersions(config, declaration, change);
  const causes =
    change === undefined ? [] : [{ event: change.eventId, rotated: change.time, received: change.received }];
  return clusters.map((cluster) => ({
    declaration,
    cluster,
    expected,
    causes,
    restarts: restartsFor(config, cluster, declaration),
  }));
}

/** What the declaration says counts, within what the cluster allows for. */
function restartsFor({ clusters }: CompiledConfig, cluster: string, { rollout }: Declaration): boolean {
  const rollouts = clusters.find(({ name }) => name === cluster)?.rollouts;
  return rollouts !== undefined && (rollout ?? rollouts.policy) !== 'off';
}

/**
 * What a fresh read should find, by the event: of AWSCURRENT the version that is named; of a parameter something as new as the event, be
 * it the newest version or what a label points to. A reference to anything else expects nothing.
 */
function expectedVersions(
  config: CompiledConfig,
  declaration: Declaration,
  change: SourceChange,
): ReadonlyMap<string, readonly ExpectedVersion[]> {
  const { versionId, time, service } = change;
  if (versionId === undefined && service === 'SecretsManager') return new Map();
  const refs = sourcesOf(declaration).filter(
    (ref) =>
      ref.metadata === undefined &&
      (ref.version === 'AWSCURRENT') === (change.kind !== 'label') &&
      matchesRef(config, ref, change),
  );
  // What a find will have found is called by its whole name, which is one of the ids.
  const found = findsOf(declaration)
    .filter((query) => matchesFind(config, query, change))
    .flatMap(({ store }) => change.ids.map((key) => ({ store, key, version: 'AWSCURRENT' })));
  return new Map([...refs, ...found].map((ref) => [sourceId(ref), [{ versionId, time }]]));
}
