import { chunksOf, createGate, mapLimited } from '../concurrency.ts';
import { toRelayError } from '../errors.ts';
import type { RelayError } from '../errors.ts';
import { targetId } from '../model/target.ts';
import { applyAction } from './apply-action.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome, OutcomeHead } from './outcome.ts';
import type { Ports, Work } from './ports.ts';
import { annotationsAfter, restartsDue } from './restarts-due.ts';
import { settle } from './settle.ts';
import { confirmDeclared } from './still-declared.ts';
import type { Observation, Settled } from './settle.ts';
import { headOf, targetOf } from './target-of.ts';

/**
 * So many targets are observed, read and written together, and so many such rounds side by side, so that one writes while another reads or waits
 * to confirm what it read. Together they bound the values that are in memory at once: 200 of at most 64 KiB. A multiple of the 20
 * secrets and the 10 parameters that a batch takes.
 */
const ROUND_SIZE = 100;
const ROUNDS_AT_ONCE = 2;
/** How often a target is begun again after a conflict before it is left to a later retry. */
const MAX_ATTEMPTS = 8;
/** Less often after a write without an answer: each may have taken a whole timeout. */
const MAX_UNCERTAIN_ATTEMPTS = 2;

/** Brings the targets of one cluster to what their declarations ask for. Never throws: every target has its outcome. */
export async function relayCluster(
  work: readonly Work[],
  ports: Ports,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const health: Health = { broken: undefined };
  const gate = createGate(ports.concurrency);
  const outcomes = await mapLimited(chunksOf(work, ROUND_SIZE), ROUNDS_AT_ONCE, (round) =>
    relayRounds(round, { ports, signal, health, gate }),
  );
  return outcomes.flat();
}

interface Health {
  /** The first cluster-wide failure, which the targets that follow share. */
  broken: RelayError | undefined;
}

interface Run {
  readonly ports: Ports;
  readonly signal: AbortSignal;
  readonly health: Health;
  /** Lets so many targets be observed or written at once, of all rounds together. */
  readonly gate: ReturnType<typeof createGate>;
}

/** Begins again, from the observation, for the targets that somebody else wrote to in between (guarantee 2). */
async function relayRounds(work: readonly Work[], run: Run): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let pending = work;
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    const round = await relayRound(pending, attempt, run);
    const again = round.filter(({ outcome }) => attempt < attemptsFor(outcome));
    outcomes.push(...round.filter((item) => !again.includes(item)).map(({ outcome }) => outcome));
    pending = again.map((item) => item.work);
    if (pending.length > 0) await pause(attempt, run);
  }
  return outcomes;
}

interface Result {
  readonly work: Work;
  readonly outcome: Outcome;
}

/** Observe, then read, then render and plan, then write: in this order and no other. */
async function relayRound(work: readonly Work[], attempt: number, run: Run): Promise<readonly Result[]> {
  const { ports, signal, gate } = run;
  const observed = await Promise.all(
    work.map((item) =>
      attempt === 1 && item.seen !== undefined ? seen(item, item.seen) : gate(() => observe(item, run)),
    ),
  );
  const done: Result[] = observed.flatMap((item) =>
    item.kind === 'failure'
      ? [{ work: item.work, outcome: failed(headOf(item.work, attempt), item.error) }]
      : [],
  );
  const observations = observed.flatMap((item) => (item.kind === 'observation' ? [item.observation] : []));
  const write = async (settled: Settled): Promise<Result> => ({
    work: settled.observation.work,
    outcome: await carryOut(settled, attempt, run),
  });
  for await (const settled of settle(observations, ports, signal)) {
    done.push(...(await Promise.all(settled.map((item) => gate(() => write(item))))));
  }
  return done;
}

type Observed =
  | { readonly kind: 'observation'; readonly observation: Observation }
  | { readonly kind: 'failure'; readonly work: Work; readonly error: RelayError };

/** What a list showed is an observation too; after a conflict the target is looked at alone. */
function seen(work: Work, { observed }: NonNullable<Work['seen']>): Promise<Observed> {
  return Promise.resolve({ kind: 'observation', observation: { work, observed } });
}

async function observe(work: Work, run: Run): Promise<Observed> {
  if (run.health.broken !== undefined) return { kind: 'failure', work, error: run.health.broken };
  const target = targetOf(work);
  try {
    const observed = await run.ports.tracing.step(
      'observe',
      target,
      () => run.ports.secrets.observe(target, run.signal),
      (found) => (found === undefined ? 'absent' : 'present'),
    );
    return { kind: 'observation', observation: { work, observed } };
  } catch (failure) {
    const error = toRelayError(failure, `observing ${targetId(target)}`);
    if (error.clusterWide) run.health.broken = error;
    return { kind: 'failure', work, error };
  }
}

async function carryOut(settled: Settled, attempts: number, { ports, signal }: Run): Promise<Outcome> {
  const { action, versions, observation } = settled;
  const { work, observed } = observation;
  const { causes: [cause] = [], restarts = false } = work;
  const head = { ...headOf(work, attempts), uid: observed?.uid, annotations: observed?.annotations };
  try {
    await confirmDeclared(work.declaration, action, ports, signal);
    const applied = await ports.tracing.step(
      action.kind,
      head.target,
      () => applyAction(action, { cause, restarts, now: ports.clock.now() }, ports.secrets, signal),
      () => (action.kind === 'refuse' ? action.error.code : 'done'),
    );
    const marked = applied?.marked;
    const { annotations: before = {} } = observed ?? {};
    const annotations = annotationsAfter(before, marked?.desired.annotations);
    const { uid = head.uid } = applied ?? {};
    const overtaken = marked?.changed === true && restartsDue(before) ? before : undefined;
    const told = { ...head, uid, annotations, overtaken, restartsDue: restartsDue(annotations) };
    return outcomeOf(action, told, { versions, marked, at: ports.clock.now() });
  } catch (failure) {
    return failed(head, toRelayError(failure, `writing ${targetId(head.target)}`));
  }
}

/** Full jitter, so that relays that met on one object part (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/). */
async function pause(attempt: number, { ports, signal }: Run): Promise<void> {
  try {
    await ports.clock.sleep(ports.random() * Math.min(2000, 25 * 2 ** attempt), signal);
  } catch {
    // The deadline has come: the next round fails each target with DEADLINE, which is the outcome to report.
  }
}

/** How often a target may be begun in all: somebody else wrote, or it is not known whether we did, and only a new observation tells. */
function attemptsFor(outcome: Outcome): number {
  if (outcome.kind !== 'failed') return 1;
  if (outcome.error.code === 'TARGET_CONTENDED') return MAX_ATTEMPTS;
  return outcome.error.code === 'WRITE_UNCERTAIN' ? MAX_UNCERTAIN_ATTEMPTS : 1;
}

function failed(head: OutcomeHead, error: RelayError): Outcome {
  return { ...head, kind: 'failed', error };
}
