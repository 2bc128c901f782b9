import { mapLimited } from '../concurrency.ts';
import { toRelayError } from '../errors.ts';
import type { RelayError } from '../errors.ts';
import { findsOf, merges, sourcesOf } from '../model/declaration.ts';
import type { Survey } from '../model/source.ts';
import type { Observed } from '../model/target.ts';
import { conclude } from '../plan/conclude.ts';
import type { Known } from '../plan/conclude.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { Ports, Work } from './ports.ts';
import { readObjects } from './read-inputs.ts';
import { relay } from './relay.ts';
import { restartsDue } from './restarts-due.ts';
import { headOf } from './target-of.ts';

/** What a sweep of some namespaces of a cluster came to. */
export interface Swept {
  readonly outcomes: readonly Outcome[];
  /** Namespaces whose Secrets could not be listed: nothing was done there. */
  readonly unlisted: ReadonlyMap<string, RelayError>;
  /** Why versions could not be told without reading values. */
  readonly unsurveyed: readonly RelayError[];
}

/** So many declarations are listed and decided on together, and no more of their Secrets are held at once. */
const PORTION = 1000;

/**
 * Brings about what one cluster's namespaces declare. What a list of the Secrets' metadata and a survey of the sources show to be in sync is left at
 * that, without reading a value; all else goes the way of a push, with the list as its first observation (guarantee 2: the values are read after it).
 * The namespaces are gone through portion by portion, so that the memory that a sweep needs does not grow with the cluster.
 */
export async function sweep(
  cluster: string,
  work: readonly Work[],
  ports: Ports,
  signal: AbortSignal,
): Promise<Swept> {
  const outcomes: Outcome[] = [];
  const unlisted = new Map<string, RelayError>();
  const survey = await surveyAll(work, ports, signal);
  let undecided: Work[] = [];
  const push = async (): Promise<void> => {
    outcomes.push(...(await relay(undecided, ports, signal)));
    undecided = [];
  };
  for (const portion of portionsOf(work)) {
    const looked = await mapLimited(portion, ports.concurrency, (items) =>
      look({ cluster, items, survey }, ports, signal),
    );
    for (const { namespace, result } of looked) {
      if (result.kind === 'unlisted') unlisted.set(namespace, result.error);
      else {
        outcomes.push(...result.concluded);
        undecided.push(...result.undecided);
      }
    }
    if (undecided.length >= PORTION) await push();
  }
  await push();
  return { outcomes, unlisted, unsurveyed: survey.failures };
}

/** The work by namespaces, so many of them together as have a portion of declarations; one at least. */
function portionsOf(work: readonly Work[]): readonly (readonly (readonly Work[])[])[] {
  const portions: (readonly Work[])[][] = [];
  let size = PORTION;
  for (const items of Map.groupBy(work, ({ declaration }) => declaration.namespace).values()) {
    if (size + items.length > PORTION) {
      portions.push([]);
      size = 0;
    }
    portions.at(-1)?.push(items);
    size += items.length;
  }
  return portions;
}

interface Look {
  readonly cluster: string;
  /** Of one namespace. */
  readonly items: readonly Work[];
  readonly survey: Survey;
}

/** What a look at one namespace shows. */
interface Looked {
  readonly namespace: string;
  readonly result:
    | {
        readonly kind: 'listed';
        readonly concluded: readonly Outcome[];
        /** With what the list showed. */
        readonly undecided: readonly Work[];
      }
    | { readonly kind: 'unlisted'; readonly error: RelayError };
}

/** Lists a namespace and concludes what can be concluded: what the list told of that is not kept. */
async function look({ cluster, items, survey }: Look, ports: Ports, signal: AbortSignal): Promise<Looked> {
  const namespace = items[0]?.declaration.namespace ?? '';
  let observed: ReadonlyMap<string, Observed>;
  try {
    const list = await ports.tracing.step('list', { cluster, namespace }, () =>
      ports.secrets.listManaged(cluster, namespace, signal),
    );
    observed = new Map(list.map((secret) => [secret.target.name, secret.observed]));
  } catch (failure) {
    const error = toRelayError(failure, `listing ${cluster}/${namespace}`);
    return { namespace, result: { kind: 'unlisted', error } };
  }
  // Of what is not there nothing is concluded, and what it is made from is read when it is made.
  const present = items.filter(({ declaration }) => observed.has(declaration.target.name));
  const objectsOf = await readObjects(present, ports, signal);
  const concluded: Outcome[] = [];
  const undecided: Work[] = [];
  for (const item of items) {
    const held = observed.get(item.declaration.target.name);
    const outcome =
      held === undefined
        ? undefined
        : concludedOutcome(item, held, { survey, objects: objectsOf(item) }, ports.clock.now());
    if (outcome === undefined) undecided.push(withSeen(item, held));
    else concluded.push(outcome);
  }
  return { namespace, result: { kind: 'listed', concluded, undecided } };
}

async function surveyAll(work: readonly Work[], ports: Ports, signal: AbortSignal): Promise<Survey> {
  const declarations = work.map(({ declaration }) => declaration);
  const request = { refs: declarations.flatMap(sourcesOf), queries: declarations.flatMap(findsOf) };
  return ports.tracing.step('survey', { what: `${request.refs.length} secrets` }, () =>
    ports.source.survey(request, signal),
  );
}

function concludedOutcome(work: Work, held: Observed, known: Known, now: Date): Outcome | undefined {
  const action = conclude(work.declaration, work.cluster, held, known, now);
  if (action === undefined) return undefined;
  const { uid, annotations } = held;
  const head = { ...headOf(work, 1), uid, annotations, restartsDue: restartsDue(annotations) };
  return outcomeOf(action, head, { versions: new Map(), marked: undefined, at: now });
}

/**
 * The list holds what is marked as a whole of the relay's. What it lacks is created with POST, which finds out whether it is there all the same;
 * somebody else's Secret that is merged into is looked at alone.
 */
function withSeen(work: Work, held: Observed | undefined): Work {
  return held === undefined && merges(work.declaration) ? work : { ...work, seen: { observed: held } };
}
