import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { systemClock } from '../../lambda/clock.ts';
import { sourceId } from '../../lambda/model/declaration.ts';
import type { Declaration } from '../../lambda/model/declaration.ts';
import type { ClusterSecrets } from '../../lambda/model/ports.ts';
import { NOTHING_KNOWN } from '../../lambda/model/source.ts';
import type { FindResult, SecretSource, SourceResult, Survey } from '../../lambda/model/source.ts';
import type { Ports } from '../../lambda/relay/ports.ts';
import { relay } from '../../lambda/relay/relay.ts';
import { Sensitive } from '../../lambda/sensitive.ts';
import { silentProgress } from '../../local/progress.ts';
import { clusterOf, startLocal } from '../../local/start-local.ts';
import type { Local, LocalCluster } from '../../local/start-local.ts';
import { aDeclaration } from '../support/builders.ts';
import { NO_OBJECTS, noTracing } from '../support/fakes.ts';
import { FakeReports } from '../support/fake-reports.ts';
import { realSecrets } from '../support/real-cluster.ts';

/** Guarantee 2 against the real API server: however relays and rotations interleave, no write goes backwards and the last value is the newest. */
let local: Local;
let cluster: LocalCluster;
let secrets: ReturnType<typeof realSecrets>;
let runs = 0;

beforeAll(async () => {
  local = await startLocal({ clusters: ['dev'], progress: silentProgress });
  cluster = clusterOf(local, 'dev');
  await cluster.allow('shop');
  secrets = realSecrets(local);
}, 900_000);

afterAll(async () => {
  secrets.close();
  await local.stop();
});

const signal = new AbortController().signal;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A source that rotates: version n holds the text n. Reads are correct when they are made, and arrive late. */
class RotatingSource implements SecretSource {
  version = 1;
  lateness: () => number = () => 0;

  async read(refs: Parameters<SecretSource['read']>[0]): Promise<ReadonlyMap<string, SourceResult>> {
    const now = this.version;
    await pause(this.lateness());
    return new Map(
      refs.map((ref) => [
        sourceId(ref),
        {
          kind: 'value',
          value: {
            ref,
            version: { id: `v${now}`, created: new Date(now * 1000) },
            payload: { kind: 'text', text: new Sensitive(String(now)) },
          },
        },
      ]),
    );
  }

  find(): Promise<FindResult> {
    return Promise.resolve({ kind: 'found', values: [] });
  }

  survey(): Promise<Survey> {
    return Promise.resolve(NOTHING_KNOWN);
  }
}

/** Every value that the Secret has had, in order, as the API server's watch tells it. */
async function historyOf(name: string, act: () => Promise<void>): Promise<readonly number[]> {
  const seen: number[] = [];
  const stop = await cluster.admin.watch(
    `/api/v1/namespaces/shop/secrets?fieldSelector=metadata.name%3D${name}`,
    (object) => {
      const text = /"password":"([^"]+)"/u.exec(JSON.stringify(object))?.[1];
      if (text !== undefined) seen.push(Number(Buffer.from(text, 'base64').toString('utf8')));
    },
  );
  await act();
  const last = Number((await cluster.admin.secret('shop', name))?.data['password']);
  while (seen.at(-1) !== last) await pause(5);
  stop();
  return seen;
}

function portsOver(source: SecretSource, over: ClusterSecrets): Ports {
  return {
    secrets: over,
    source,
    sourceOf: () => source,
    templates: { read: () => Promise.resolve(new Map()) },
    reports: new FakeReports(),
    declared: { list: () => Promise.resolve(NO_OBJECTS), namespaces: () => Promise.resolve([]) },
    clock: systemClock,
    tracing: noTracing,
    random: Math.random,
    concurrency: 4,
  };
}

function aTarget(): Declaration {
  runs += 1;
  return aDeclaration({ target: { name: `p${runs}` } });
}

const isSorted = (values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0));

test('relays and rotations in any order never write an older value over a newer one, and end at the newest', async () => {
  const step = fc.record({
    act: fc.constantFrom('relay', 'relay', 'rotate'),
    after: fc.integer({ min: 0, max: 4 }),
    late: fc.integer({ min: 0, max: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 20 }), async (steps) => {
      const declaration = aTarget();
      const source = new RotatingSource();
      const lateness = steps.map(({ late }) => late);
      source.lateness = () => lateness.shift() ?? 0;
      const push = () =>
        relay([{ declaration, cluster: 'dev', expected: new Map() }], portsOver(source, secrets), signal);

      const history = await historyOf(declaration.target.name, async () => {
        const running: Promise<unknown>[] = [push()];
        for (const { act, after } of steps) {
          await pause(after);
          if (act === 'rotate') source.version += 1;
          else running.push(push());
        }
        await Promise.all(running);
        await push();
      });

      expect(history.at(-1)).toBe(source.version);
      expect(isSorted(history)).toBe(true);
    }),
    { numRuns: 25 },
  );
}, 300_000);

describe('the one interleaving that matters', () => {
  /** A slow relay reads version 1; before it writes, version 2 is rotated in and pushed by another. */
  async function race(over: ClusterSecrets): Promise<readonly number[]> {
    const declaration = aTarget();
    const work = [{ declaration, cluster: 'dev', expected: new Map() }];
    const source = new RotatingSource();
    source.version = 0;
    await relay(work, portsOver(source, secrets), signal);
    source.version = 1;
    let fast: Promise<unknown> | undefined;
    const slow: ClusterSecrets = {
      ...over,
      apply: async (desired, precondition, until) => {
        if (fast === undefined) {
          source.version = 2;
          fast = relay(work, portsOver(source, secrets), signal);
          await fast;
        }
        return over.apply(desired, precondition, until);
      },
    };
    return historyOf(declaration.target.name, () =>
      relay(work, portsOver(source, slow), signal).then(() => undefined),
    );
  }

  test('with the precondition: the slow relay is refused, looks again, and finds nothing to do', async () => {
    expect(await race(secrets)).toEqual([0, 2]);
  });

  test('without it: the older value comes back, which this test would see', async () => {
    const careless: ClusterSecrets = {
      ...secrets,
      apply: async (desired, _ignored, until) => {
        const now = await secrets.observe(desired.target, until);
        if (now === undefined) throw new Error('not there');
        return secrets.apply(desired, now, until);
      },
    };

    expect(await race(careless)).toEqual([0, 2, 1]);
  });
});
