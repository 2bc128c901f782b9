import { describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import type { ErrorCode } from '../../../lambda/errors.ts';
import { objectId } from '../../../lambda/model/declared-object.ts';
import type { DeclaredObject } from '../../../lambda/model/declared-object.ts';
import { report } from '../../../lambda/relay/report.ts';
import type { Reports, StatusReport } from '../../../lambda/relay/report.ts';
import { FakeReports, aDeclaredObject } from '../../support/fake-reports.ts';
import { fakePorts } from '../../support/fakes.ts';

const signal = new AbortController().signal;
const NOW = new Date('2026-01-05T12:00:00Z');
const ID = 'dev/ExternalSecret shop/db';

const named = (name: string, cluster = 'dev'): DeclaredObject =>
  aDeclaredObject({ ref: { cluster, kind: 'ExternalSecret', namespace: 'shop', name } });
const says = (
  object: DeclaredObject,
  next: StatusReport['next'] = () => ({ conditions: [] }),
): StatusReport => ({
  object,
  next,
});
const event = (name: string, cluster = 'dev'): Reports['events'][number] => ({
  cluster,
  regarding: {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    namespace: 'shop',
    name,
    uid: 'u',
  },
  ...{ type: 'Normal', reason: 'Updated', message: 'secret updated', topic: 'version' },
});
const reportsOf = (some: Partial<Reports>): Reports => ({ statuses: [], events: [], now: NOW, ...some });
const fails = (code: ErrorCode): never => {
  throw new RelayError(code, 'as the test says');
};

function run(reports: FakeReports, some: Partial<Reports>) {
  return report(reportsOf(some), { ...fakePorts(), reports, concurrency: 1 }, signal);
}

/** As the API server has it by now. */
function stored(resourceVersion: string, changes: object = {}, metadata: object = {}) {
  const { name, namespace } = aDeclaredObject().ref;
  return {
    metadata: { name, namespace, uid: 'uid-of-es', generation: 2, resourceVersion, ...metadata },
    spec: {},
    ...changes,
  };
}

test('a status that stands there already costs no request', async () => {
  const reports = new FakeReports();
  reports.before = () => fails('UNEXPECTED');

  expect(await run(reports, { statuses: [says(named('db'), () => undefined)] })).toEqual([]);
});

describe('where the object has changed since it was listed', () => {
  test('the status is decided again on what is there, for the state that was brought about', async () => {
    const reports = new FakeReports();
    reports.objects.set(ID, stored('18', { status: { refreshTime: '2026-01-05T11:00:00Z' } }));
    const seen: DeclaredObject[] = [];
    const next: StatusReport['next'] = (object) => {
      seen.push(object);
      return { conditions: [], syncedResourceVersion: object.version };
    };

    expect(await run(reports, { statuses: [says(aDeclaredObject(), next)] })).toEqual([]);

    expect(seen.map(({ resourceVersion }) => resourceVersion)).toEqual(['17', '18']);
    expect(seen.at(-1)?.status.refreshTime).toBe('2026-01-05T11:00:00Z');
    expect(reports.statuses).toEqual([[ID, { conditions: [], syncedResourceVersion: '1-abc' }]]);
  });

  test.each([
    ['is gone', undefined],
    ['was made anew', stored('18', {}, { uid: 'uid-of-another' })],
    ['was refreshed later', stored('18', { status: { refreshTime: '2026-01-05T12:00:01Z' } })],
    [
      'was found to fail later',
      stored('18', {
        status: {
          conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-01-05T12:00:01Z' }],
        },
      }),
    ],
  ])('nothing is written where it %s', async (_case, item) => {
    const reports = new FakeReports();
    reports.objects.set(ID, stored('18'));
    reports.before = (operation) => {
      if (operation !== 'read') return;
      if (item === undefined) reports.objects.delete(ID);
      else reports.objects.set(ID, item);
    };

    expect(await run(reports, { statuses: [says(aDeclaredObject())] })).toEqual([]);
    expect(reports.statuses).toEqual([]);
  });

  test('it is given up after three attempts', async () => {
    const reports = new FakeReports();
    let version = 18;
    reports.before = () => reports.objects.set(ID, stored(`${(version += 1)}`));

    const failures = await run(reports, { statuses: [says(aDeclaredObject())] });

    expect(failures).toMatchObject([{ what: 'status', about: ID, error: { code: 'TARGET_CONTENDED' } }]);
    expect(version).toBe(18 + 5);
  });
});

describe('what cannot be said', () => {
  test('is returned, and holds back nothing else', async () => {
    const reports = new FakeReports();
    reports.before = (_operation, about) => {
      if (about.endsWith('a')) fails('CLUSTER_REJECTED');
      if (about.endsWith('b')) throw new Error('unforeseen');
    };
    const names = ['a', 'b', 'c'];

    const failures = await run(reports, {
      statuses: names.map((name) => says(named(name))),
      events: names.map((name) => event(name)),
    });

    expect(failures.map(({ what, about, error }) => `${what} ${about} ${error.code}`)).toEqual([
      'status dev/ExternalSecret shop/a CLUSTER_REJECTED',
      'status dev/ExternalSecret shop/b UNEXPECTED',
      'event dev/ExternalSecret shop/a CLUSTER_REJECTED',
      'event dev/ExternalSecret shop/b UNEXPECTED',
    ]);
    expect(reports.statuses.map(([id]) => id)).toEqual([objectId(named('c').ref)]);
    expect(reports.events.map(({ regarding }) => regarding.name)).toEqual(['c']);
  });

  test.each([['CLUSTER_FORBIDDEN'], ['CLUSTER_UNREACHABLE'], ['DEADLINE']] as const)(
    'for %s is not tried a thousand times: once for each sort and cluster',
    async (code) => {
      const reports = new FakeReports();
      const tried: string[] = [];
      reports.before = (operation, about) => {
        tried.push(`${operation} ${about.split('/')[0]}`);
        if (about.startsWith('dev/') && operation === 'status') fails(code);
      };
      const names = ['a', 'b', 'c'];

      const failures = await run(reports, {
        statuses: names.flatMap((name) => [says(named(name)), says(named(name, 'prod'))]),
        events: names.map((name) => event(name)),
      });

      expect(failures).toHaveLength(1);
      expect(tried.toSorted()).toEqual([
        ...['event dev', 'event dev', 'event dev'],
        'status dev',
        ...['status prod', 'status prod', 'status prod'],
      ]);
    },
  );
});
