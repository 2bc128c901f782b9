import { ANNOTATION } from '../contract.ts';
import { mapLimited } from '../concurrency.ts';
import { toRelayError } from '../errors.ts';
import type { Cluster, CompiledConfig } from '../model/config.ts';
import { targetId } from '../model/target.ts';
import type { ListedSecret } from '../model/target.ts';
import { planCollection } from '../plan/plan-collection.ts';
import type { CollectionInput } from '../plan/plan-collection.ts';
import { applyAction } from './apply-action.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';

export interface CollectRequest {
  readonly config: CompiledConfig;
  readonly cluster: Cluster;
  readonly allowance: CollectionInput['allowance'];
  /** `namespace/name` of declarations that are there, but cannot be understood or are another controller's: what they own is left alone. */
  readonly undecided?: ReadonlySet<string>;
}

/**
 * Deletes the Secrets of one cluster that nobody declares any more.
 *
 * @throws RelayError when one of the cluster's lists failed, or GC_REFUSED: nothing is deleted then
 */
export async function collectCluster(
  request: CollectRequest,
  ports: Ports,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const { config, cluster, allowance, undecided = new Set() } = request;
  const all = await listAll(cluster, ports, signal);
  const listed = all.filter(
    ({ observed }) => !undecided.has(observed.annotations[ANNOTATION.declaration] ?? ''),
  );
  const plan = planCollection({
    cluster: cluster.name,
    listed,
    declared: declaredTargets(config, cluster),
    limits: config.settings.garbageCollection,
    now: ports.clock.now(),
    allowance,
  });
  if (plan.kind === 'refused') throw plan.error;
  const seen = new Map(listed.map(({ target, observed }) => [targetId(target), observed]));
  return mapLimited(plan.actions, ports.concurrency, async (action): Promise<Outcome> => {
    const target =
      action.kind === 'create' || action.kind === 'update' ? action.desired.target : action.target;
    const { uid, annotations } = seen.get(targetId(target)) ?? {};
    const head = { target, declaration: undefined, attempts: 1, uid, annotations };
    try {
      const options = { cause: undefined, restarts: false, now: ports.clock.now() };
      const applied = await applyAction(action, options, ports.secrets, signal);
      const done = { versions: new Map(), marked: applied?.marked, at: ports.clock.now() };
      return outcomeOf(action, head, done);
    } catch (failure) {
      return { ...head, kind: 'failed', error: toRelayError(failure, `deleting ${targetId(target)}`) };
    }
  });
}

/** All or nothing: a namespace that cannot be listed could hold the reason why another one must not be touched. */
async function listAll(
  cluster: Cluster,
  ports: Ports,
  signal: AbortSignal,
): Promise<readonly ListedSecret[]> {
  const lists = await mapLimited(cluster.namespaces, ports.concurrency, (namespace) =>
    ports.tracing.step('list', { cluster: cluster.name, namespace }, () =>
      ports.secrets.listManaged(cluster.name, namespace, signal),
    ),
  );
  return lists.flat();
}

function declaredTargets(config: CompiledConfig, cluster: Cluster): ReadonlySet<string> {
  return new Set(
    config.declarations
      .filter((declaration) => declaration.clusters.includes(cluster.name))
      .map(({ namespace, target }) => targetId({ cluster: cluster.name, namespace, name: target.name })),
  );
}
