import { clusterOf } from '../start-local.ts';
import { backwardSteps, deletedUnasked, grown, leaks, touched, wrongSecrets } from './checks.ts';
import { newestOf, owedByEvents, valuesOf } from './expected.ts';
import type { Data } from './expected.ts';
import type { SoakResult, Stage } from './run-soak.ts';
import { OWN_KEY, canaryOf } from './setting.ts';

/** What was there after the steps. */
export interface Aftermath {
  /** When the queues had run empty, before the last sweep. */
  readonly drainedHeld: ReadonlyMap<string, Data | undefined>;
  /** What had been given up by then. */
  readonly deadBefore: readonly string[];
  /** In the end. */
  readonly held: ReadonlyMap<string, Data | undefined>;
  readonly memory: {
    readonly early: ReadonlyMap<string, number>;
    readonly late: ReadonlyMap<string, number>;
  };
}

/** So few steps say nothing about memory. */
const MEMORY_STEPS = 1000;

/** Puts what happened to the checks. */
export async function judge(stage: Stage, aftermath: Aftermath): Promise<SoakResult> {
  const { setting, seed, steps, hands, watched, ledger, relay } = stage;
  const { sightings } = watched;
  const { held, memory } = aftermath;
  const values = valuesOf(seed, steps, setting);
  const newest = newestOf(values, setting);
  const shared = [...setting.declared].filter(([, { policy }]) => policy === 'Merge').map(([id]) => id);
  const ownOf = (id: string): Data => {
    const own = hands.typed.get(id)?.get(OWN_KEY)?.at(-1);
    return own === undefined ? {} : { [OWN_KEY]: own };
  };
  const expected = new Map([
    ...[...newest].map(([id, data]) => [id, { ...data, ...ownOf(id) }] as const),
    ...setting.beside.map((id) => [id, ownOf(id)] as const),
  ]);
  const emitted = await emittedBy(stage);
  const violations = [
    ...owedViolations(stage, newest, aftermath),
    ...wrongSecrets(expected, held),
    ...backwardSteps(setting.declared, values, sightings, hands),
    ...touched(setting.beside, shared, sightings, hands),
    ...deletedUnasked(sightings, hands),
    ...ledger.lost().map((id) => `message ${id} was lost`),
    ...leaks(emitted, canaryOf(seed)),
    ...(steps.length < MEMORY_STEPS ? [] : grown(memory.early, memory.late)),
  ];
  return { violations, figures: figuresOf(stage, aftermath, emitted, relay.output()) };
}

/** What events had to bring about without the last sweep, but for what is in the dead-letter queue. */
function owedViolations(
  { steps, setting }: Stage,
  newest: ReadonlyMap<string, Data>,
  { drainedHeld, deadBefore }: Aftermath,
): readonly string[] {
  const isDead = (name: string): boolean =>
    deadBefore.some((body) => new RegExp(`\\b${name}\\b`, 'u').test(body));
  const owed = new Map(
    [...owedByEvents(steps, setting)]
      .filter(([id]) => !isDead(id))
      .map(([id, keys]) => [id, keys.filter((key) => !isDead(key))] as const),
  );
  const only = (data: Data | undefined, keys: readonly string[]): Data =>
    Object.fromEntries(Object.entries(data ?? {}).filter(([key]) => keys.includes(key)));
  return wrongSecrets(
    new Map([...owed].map(([id, keys]) => [id, only(newest.get(id), keys)])),
    new Map([...owed].map(([id, keys]) => [id, only(drainedHeld.get(id), keys)])),
  ).map((why) => `before the last sweep: ${why}`);
}

/** Everything that comes out of the relay but the Secrets' data. */
async function emittedBy({
  local,
  relay,
  watched,
  calls,
  setting,
  ledger,
}: Stage): Promise<ReadonlyMap<string, string>> {
  const { admin } = clusterOf(local, 'one');
  const events = await Promise.all(
    setting.namespaces.map((name) => admin.get(`/api/v1/namespaces/${name}/events`)),
  );
  return new Map([
    ['the logs and metrics', relay.output() + relay.morePush.map((push) => push.output()).join('')],
    ['messages and receipts', calls.join('\n')],
    ['dead letters', ledger.deadBodies().join('\n')],
    ['the metadata of Secrets', watched.metadata()],
    ['Kubernetes Events', JSON.stringify(events)],
  ]);
}

function figuresOf(
  { counts, troubles, intake, ledger, watched }: Stage,
  { memory }: Aftermath,
  emitted: ReadonlyMap<string, string>,
  output: string,
): ReadonlyMap<string, number> {
  const sightings = [...watched.sightings.values()].reduce((sum, seen) => sum + seen.length, 0);
  const searched = [...emitted.values()].reduce((sum, text) => sum + text.length, 0);
  return new Map([
    ...counts,
    ...[...troubles.met].map(([what, times]) => [`requests that met ${what}`, times] as const),
    ['events delivered', intake.counts.delivered],
    ['events lost', intake.counts.lost],
    ['messages sent', ledger.sent],
    ['messages deleted', ledger.deleted],
    ['messages in the dead-letter queue', ledger.dead],
    ['failures logged', output.split('"level":"ERROR"').length - 1],
    ['states of Secrets seen by the watch', sightings],
    ['characters searched for values', searched],
    ...[...memory.early].map(
      ([name, bytes]) => [`${name}: peak RSS after a third, in MB`, megabytes(bytes)] as const,
    ),
    ...[...memory.late].map(
      ([name, bytes]) => [`${name}: peak RSS in the end, in MB`, megabytes(bytes)] as const,
    ),
  ]);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
