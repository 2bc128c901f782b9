import { RelayError } from '../errors.ts';
import type { Action } from '../model/action.ts';
import { declarationId } from '../model/declaration.ts';
import { recordedVersions } from '../model/recorded-versions.ts';
import type { Rendered } from '../model/rendered.ts';
import type { Inputs, SourceVersion } from '../model/source.ts';
import type { Tracing } from '../model/ports.ts';
import type { Observed } from '../model/target.ts';
import { needsConfirmation } from '../plan/confirmation.ts';
import { planTarget } from '../plan/plan-target.ts';
import { render } from '../render/render.ts';
import type { Ports, Work } from './ports.ts';
import { readInputs } from './read-inputs.ts';
import { targetOf } from './target-of.ts';

/** Waits before each confirming read. A replica that lags longer costs time: the next reconcile sees the newer version. */
const CONFIRM_AFTER_MS = [1000, 2000, 4000] as const;

/** A target as it was found. */
export interface Observation {
  readonly work: Work;
  readonly observed: Observed | undefined;
}

/** What to do with a target, decided on values that were read after its observation and, where that was needed, confirmed. */
export interface Settled {
  readonly observation: Observation;
  readonly action: Action;
  readonly versions: ReadonlyMap<string, SourceVersion>;
}

interface Draft {
  readonly observation: Observation;
  readonly rendered: Rendered;
}

/**
 * Reads the sources of all the observed targets at once, and yields what to do: first for the targets whose read is beyond doubt, then, after
 * a pause and a second read, for those whose first read may have been stale (guarantee 2). A doubtful read counts when a later one agrees.
 */
export async function* settle(
  observations: readonly Observation[],
  ports: Ports,
  signal: AbortSignal,
): AsyncGenerator<readonly Settled[]> {
  let doubtful: readonly Draft[] = [];
  let waiting = observations;
  for (const wait of [0, ...CONFIRM_AFTER_MS]) {
    if (waiting.length === 0) return;
    if (wait > 0 && !(await rest(wait, ports, signal))) break;
    const drafts = await draftAll(
      waiting,
      await readInputs(
        waiting.map(({ work }) => work),
        ports,
        signal,
      ),
      ports.tracing,
    );
    const before = new Map(doubtful.map((draft) => [draft.observation, draft]));
    const settled = drafts.filter(
      (draft) => isCertain(draft) || agrees(draft, before.get(draft.observation)),
    );
    yield settled.map((draft) => decide(draft, ports.clock.now()));
    doubtful = drafts.filter((draft) => !settled.includes(draft));
    waiting = doubtful.map((draft) => draft.observation);
  }
  yield doubtful.map((draft) => decideUnsettled(draft, ports.clock.now()));
}

function draftAll(
  observations: readonly Observation[],
  inputsOf: (work: Work) => Inputs,
  tracing: Tracing,
): Promise<readonly Draft[]> {
  return Promise.all(
    observations.map(async (observation) => {
      const { declaration, cluster } = observation.work;
      const rendered = await tracing.step(
        'render',
        targetOf(observation.work),
        () => Promise.resolve(render(declaration, cluster, inputsOf(observation.work))),
        (result) => (result.kind === 'failure' ? result.error.code : result.kind),
      );
      return { observation, rendered };
    }),
  );
}

function isCertain({ observation, rendered }: Draft): boolean {
  const recorded = recordedVersions(observation.observed?.annotations ?? {});
  return !needsConfirmation(rendered, recorded, observation.work.expected);
}

/** Whether a later read says the same as the one before it. */
function agrees(later: Draft, earlier: Draft | undefined): boolean {
  return earlier !== undefined && fingerprint(later.rendered) === fingerprint(earlier.rendered);
}

function fingerprint(rendered: Rendered): string {
  switch (rendered.kind) {
    case 'secret':
      return JSON.stringify([...rendered.versions].map(([id, version]) => [id, version.id]));
    case 'empty':
      return 'empty';
    case 'failure':
      return rendered.error.code;
  }
}

function decide({ observation, rendered }: Draft, now: Date): Settled {
  const { declaration, cluster } = observation.work;
  return {
    observation,
    action: planTarget(declaration, cluster, rendered, observation.observed, now),
    versions: rendered.kind === 'secret' ? rendered.versions : new Map(),
  };
}

function decideUnsettled(draft: Draft, now: Date): Settled {
  const { declaration } = draft.observation.work;
  const error = new RelayError(
    'SOURCE_UNSETTLED',
    `${declarationId(declaration)}: the source keeps returning versions that may be stale; nothing was written, and the target is tried again later`,
  );
  return decide({ ...draft, rendered: { kind: 'failure', error } }, now);
}

/** Whether the wait came to its end; not so when the deadline came first. */
async function rest(ms: number, ports: Ports, signal: AbortSignal): Promise<boolean> {
  try {
    await ports.clock.sleep(ms, signal);
    return true;
  } catch {
    return false;
  }
}
