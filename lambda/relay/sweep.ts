import { mapLimited } from '../concurrency.ts';
import { toRelayError } from '../errors.ts';
import type { RelayError } from '../errors.ts';
import { findsOf, merges, sourcesOf } from '../model/declaration.ts';
import type { Survey } from '../model/source.ts';
import { targetId } from '../model/target.ts';
import type { Observed } from '../model/target.ts';
import { conclude } from '../plan/conclude.ts';
import type { Known } from '../plan/conclude.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { Ports, Work } from './ports.ts';
import { readObjects } from './read-inputs.ts';
import { relay } from './relay.ts';
import { restartsDue } from './restarts-due.ts';
import { headOf, targetOf } from './target-of.ts';

/** What a sweep of some namespaces of a cluster came to. */
export interface Swept {
  readonly outcomes: readonly Outcome[];
  /** Namespaces whose Secrets could not be listed: nothing was done there. */
  readonly unlisted: ReadonlyMap<string, RelayError>;
  /** Why versions could not be told without reading values. */
  readonly unsurveyed: readonly RelayError[];
}

/**
 * Brings about what one cluster's namespaces declare. What a list of the Secrets' metadata and a survey of the sources show to be in sync is left at
 * that, without reading a value; all else goes the way of a push, with the list as its first observation (guarantee 2: the values are read after it).
 */
export async function sweep(
  cluster: string,
  work: readonly Work[],
  ports: Ports,
  signal: AbortSignal,
): Promise<Swept> {
  const [listed, survey] = await Promise.all([
    listAll(cluster, work, ports, signal),
    surveyAll(work, ports, signal),
  ]);
  const unlisted = new Map(
    listed.flatMap(([name, result]) => ('error' in result ? [[name, result.error]] : [])),
  );
  const observed = new Map(listed.flatMap(([, result]) => ('secrets' in result ? [...result.secrets] : [])));
  const reachable = work.filter(({ declaration }) => !unlisted.has(declaration.namespace));
  const objectsOf = await readObjects(reachable, ports, signal);
  const concluded = new Map(
    reachable.flatMap((item) => {
      const outcome = concludedOutcome(
        item,
        observed,
        { survey, objects: objectsOf(item) },
        ports.clock.now(),
      );
      return outcome === undefined ? [] : [[item, outcome] as const];
    }),
  );
  const others = reachable.filter((item) => !concluded.has(item)).map((item) => withSeen(item, observed));
  const done = await relay(others, ports, signal);
  return { outcomes: [...concluded.values(), ...done], unlisted, unsurveyed: survey.failures };
}

type Listed = { readonly secrets: readonly (readonly [string, Observed])[] } | { readonly error: RelayError };

async function listAll(
  cluster: string,
  work: readonly Work[],
  { secrets, tracing, concurrency }: Ports,
  signal: AbortSignal,
): Promise<readonly (readonly [string, Listed])[]> {
  const namespaces = [...new Set(work.map(({ declaration }) => declaration.namespace))];
  return mapLimited(namespaces, concurrency, async (namespace): Promise<readonly [string, Listed]> => {
    try {
      const list = await tracing.step('list', `${cluster}/${namespace}`, () =>
        secrets.listManaged(cluster, namespace, signal),
      );
      return [namespace, { secrets: list.map(({ target, observed }) => [targetId(target), observed]) }];
    } catch (failure) {
      return [namespace, { error: toRelayError(failure, `listing ${cluster}/${namespace}`) }];
    }
  });
}

async function surveyAll(work: readonly Work[], ports: Ports, signal: AbortSignal): Promise<Survey> {
  const declarations = work.map(({ declaration }) => declaration);
  const request = { refs: declarations.flatMap(sourcesOf), queries: declarations.flatMap(findsOf) };
  return ports.tracing.step('survey', `${request.refs.length} secrets`, () =>
    ports.source.survey(request, signal),
  );
}

function concludedOutcome(
  work: Work,
  observed: ReadonlyMap<string, Observed>,
  known: Known,
  now: Date,
): Outcome | undefined {
  const { declaration, cluster } = work;
  const target = targetOf(work);
  const held = observed.get(targetId(target));
  const action = held === undefined ? undefined : conclude(declaration, cluster, held, known, now);
  if (action === undefined) return undefined;
  const head = {
    ...headOf(work, 1),
    uid: held?.uid,
    annotations: held?.annotations,
    restartsDue: restartsDue(work, held?.annotations ?? {}),
  };
  return outcomeOf(action, head, { versions: new Map(), marked: undefined });
}

/**
 * The list holds what is marked as a whole of the relay's. What it lacks is created with POST, which finds out whether it is there all the same;
 * somebody else's Secret that is merged into is looked at alone.
 */
function withSeen(work: Work, observed: ReadonlyMap<string, Observed>): Work {
  const held = observed.get(targetId(targetOf(work)));
  return held === undefined && merges(work.declaration) ? work : { ...work, seen: { observed: held } };
}
