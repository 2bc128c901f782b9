import { systemClock } from '../../../lambda/clock.ts';
import { createClusterSecrets } from '../../../lambda/cluster/cluster-secrets.ts';
import { createClusterWorkloads } from '../../../lambda/cluster/cluster-workloads.ts';
import { changeMarks } from '../../../lambda/model/change-marks.ts';
import type { ChangeMarks } from '../../../lambda/model/change-marks.ts';
import { NO_MEMORY } from '../../../lambda/model/rollout-memory.ts';
import type { Memory } from '../../../lambda/model/rollout-memory.ts';
import { ROLLOUT_SETTINGS } from '../../../lambda/model/rollout.ts';
import type { ClusterRollouts, RolloutSettings } from '../../../lambda/model/rollout.ts';
import type { Outcome } from '../../../lambda/relay/outcome.ts';
import { relay } from '../../../lambda/relay/relay.ts';
import { visitRollouts } from '../../../lambda/relay/visit-rollouts.ts';
import type { RolloutPorts, Visited } from '../../../lambda/relay/visit-rollouts.ts';
import { clusterOf } from '../../../local/start-local.ts';
import type { Local, LocalCluster } from '../../../local/start-local.ts';
import { aDeclaration, aRef, aText, anItem } from '../../support/builders.ts';
import { FakeSource, fakePorts } from '../../support/fakes.ts';
import { aCluster, relaySession } from '../../support/real-cluster.ts';

/** The cluster of all tests here. */
export const CLUSTER = 'one';

/** The namespaces of the tests: each has its own, so that none sees another's workloads. */
export const NAMESPACES = [
  'shop',
  'annotated',
  'auto',
  'switched',
  'jobs',
  'debounce',
  'pauses',
  'pause-period',
  'windows',
  'limit',
  'limit-too',
  'waves',
  'edited',
  'visited-twice',
  'pushed-twice',
  'failing',
  'stuck',
  'kinds',
  'by-hand',
  'argo',
  'reloader',
  'dying-push',
  'dying-rollout',
  'held',
] as const;
export type NamespaceName = (typeof NAMESPACES)[number];

/** A change of Secrets' data in the source. */
export interface SecretChange {
  /** By name: the number of the version, which is the value too; or what one read after the other finds. */
  readonly versions: Readonly<Record<string, number | readonly number[]>>;
  /** How many functions push it at the same time; one where undefined. */
  readonly pushes?: number;
  /** Of the Secrets, as a declaration's template sets them. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** `off`: as the configuration of the cluster was at that time. */
  readonly restarts?: 'off';
  /** What the declarations say by now. */
  readonly rollout?: 'off';
}

export interface VisitOptions {
  readonly rollouts?: Partial<ClusterRollouts>;
  readonly settings?: Partial<RolloutSettings>;
  readonly memory?: Memory;
  /** Other namespaces of the cluster. */
  readonly others?: readonly NamespaceName[];
  readonly ports?: (ports: RolloutPorts) => RolloutPorts;
}

/** One namespace and the relay's steps in it: real Secrets, workloads and controllers, values that a test sets, and a clock that it turns. */
export interface Stage {
  readonly namespace: NamespaceName;
  readonly cluster: LocalCluster;
  /** Writes Secrets as the push function does. */
  change(change: SecretChange): Promise<readonly Outcome[]>;
  /** One visit. */
  visit(options?: VisitOptions): Promise<Visited>;
  /** Visits until there is nothing to follow: all of them, in order. */
  follow(options?: VisitOptions): Promise<readonly Visited[]>;
  /** Turns the clock: what waits for a time need not be waited for. */
  pass(seconds: number): void;
  marks(secret: string): Promise<ChangeMarks>;
}

const signal = new AbortController().signal;

/** Opens a way into the cluster as the relay; `close` ends it. */
export function openStages(local: Local): {
  readonly on: (namespace: NamespaceName) => Stage;
  readonly close: () => void;
} {
  const session = relaySession(local, CLUSTER);
  const cluster = clusterOf(local, CLUSTER);
  const secrets = createClusterSecrets(() => session);
  const workloads = createClusterWorkloads(() => session);
  const on = (namespace: NamespaceName): Stage => {
    let ahead = 0;
    const clock = { ...systemClock, now: () => new Date(Date.now() + ahead) };
    const announce: RolloutPorts['announce'] = () => Promise.resolve(new Map());
    const ports = { ...fakePorts(), secrets, workloads, clock, announce, random: Math.random };
    const visit = ({
      rollouts,
      settings,
      memory = NO_MEMORY,
      others = [],
      ports: change,
    }: VisitOptions = {}) =>
      visitRollouts(
        {
          cluster: {
            ...aCluster(local, CLUSTER),
            namespaces: [namespace, ...others],
            rollouts: { policy: 'auto', reloader: 'detect', ...rollouts },
          },
          settings: { ...ROLLOUT_SETTINGS, debounceSeconds: 0, ...settings },
          namespaces: [namespace, ...others],
          memory,
        },
        change?.(ports) ?? ports,
        signal,
      );
    return {
      namespace,
      cluster,
      visit,
      change: async ({ versions, annotations = {}, restarts, rollout, pushes = 1 }) => {
        const source = new FakeSource();
        const work = Object.entries(versions).map(([name, numbers]) => {
          const results = [numbers].flat().map((n) => aText(`fake-${n}`, aRef(name), version(name, n)));
          source.set(aRef(name), ...results);
          const template = { type: undefined, labels: {}, annotations };
          return {
            declaration: aDeclaration({
              namespace,
              name,
              clusters: [CLUSTER],
              data: [anItem('value', undefined, aRef(name))],
              target: { name, template },
              ...(rollout === undefined ? {} : { rollout }),
            }),
            cluster: CLUSTER,
            expected: new Map(),
            restarts: restarts !== 'off',
          };
        });
        const push = () => relay(work, { ...ports, source, sourceOf: () => source }, signal);
        return (await Promise.all(Array.from({ length: pushes }, push))).flat();
      },
      follow: async (options = {}) => {
        const visits: Visited[] = [];
        let { memory } = options;
        for (;;) {
          const visited = await visit({ ...options, ...(memory === undefined ? {} : { memory }) });
          visits.push(visited);
          if (visited.next === undefined) return visits;
          ({ memory } = visited.next);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      },
      pass: (seconds) => (ahead += seconds * 1000),
      marks: async (secret) =>
        changeMarks((await cluster.admin.secret(namespace, secret))?.annotations ?? {}),
    };
  };
  return { on, close: () => session.close() };
}

/** The revision of a Secret that was written from a version. */
export function revisionOf(secret: string, n: number): string {
  return version(secret, n).id;
}

function version(secret: string, n: number): { readonly id: string; readonly created: Date } {
  return { id: `${secret}-${n}`, created: new Date(Date.UTC(2026, 0, n)) };
}
