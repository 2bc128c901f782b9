import { describe, expect, test } from '@jest/globals';
import { LABEL, MANAGED_BY } from '../../../lambda/contract.ts';
import { versionOf } from '../../../lambda/declarations/object-status.ts';
import { ANNOTATION } from '../../../lambda/contract.ts';
import { RelayError } from '../../../lambda/errors.ts';
import { objectId } from '../../../lambda/model/declared-object.ts';
import { changeMarks } from '../../../lambda/model/change-marks.ts';
import type { Declaration } from '../../../lambda/model/declaration.ts';
import type { Outcome } from '../../../lambda/relay/outcome.ts';
import type { Work } from '../../../lambda/relay/ports.ts';
import { relay } from '../../../lambda/relay/relay.ts';
import {
  aDeclaration,
  aFailure,
  aManagedSecret,
  anEsoSecret,
  anItem,
  aRef,
  aText,
  aVersion,
} from '../../support/builders.ts';
import { aDeclaredObject } from '../../support/fake-reports.ts';
import { fakePorts } from '../../support/fakes.ts';

const signal = new AbortController().signal;
const target = { cluster: 'dev', namespace: 'shop', name: 'db' };
const workFor = (declaration: Declaration = aDeclaration(), changes: Partial<Work> = {}): Work => ({
  declaration,
  cluster: 'dev',
  expected: new Map(),
  ...changes,
});
const words = (outcomes: readonly Outcome[]): string[] =>
  outcomes
    .map(
      (outcome) =>
        `${outcome.target.cluster}/${outcome.target.name} ${outcome.kind === 'failed' ? outcome.error.code : outcome.kind}`,
    )
    .toSorted();

test('a missing Secret is created with the value of its source', async () => {
  const ports = fakePorts();

  const outcomes = await relay([workFor()], ports, signal);

  expect(words(outcomes)).toEqual(['dev/db written']);
  expect(ports.secrets.objects.get('dev/shop/db')?.data).toEqual({ password: 'fake' });
});

test('a second push of the same version writes nothing', async () => {
  const ports = fakePorts();
  await relay([workFor()], ports, signal);

  const outcomes = await relay([workFor()], ports, signal);

  expect(words(outcomes)).toEqual(['dev/db kept']);
  expect(ports.secrets.writes).toEqual(['create dev/shop/db']);
});

test('sources are read after every target that they go to was observed', async () => {
  const ports = fakePorts();
  const order: string[] = [];
  ports.secrets.before = (operation) => void order.push(operation);
  ports.source.before = () => void order.push('read');

  await relay([workFor(), workFor(aDeclaration({ name: 'b', target: { name: 'b' } }))], ports, signal);

  expect(order).toEqual(['observe', 'observe', 'read', 'create', 'create']);
});

test('after a conflict everything begins again: the target is observed and the source is read anew', async () => {
  const ports = fakePorts();
  ports.secrets.put(target, aManagedSecret());
  ports.source.set(aRef(), aText('second', aRef(), aVersion(2)), aText('third', aRef(), aVersion(3)));
  let interfered = false;
  ports.secrets.before = (operation) => {
    if (operation === 'apply' && !interfered) {
      interfered = true;
      ports.secrets.put(target, aManagedSecret(), { password: 'by hand' });
    }
  };

  const outcomes = await relay([workFor()], ports, signal);

  expect(outcomes).toMatchObject([{ kind: 'written', attempts: 2 }]);
  expect(ports.secrets.objects.get('dev/shop/db')?.data).toEqual({ password: 'third' });
});

test('a target that somebody keeps changing is left to a later retry', async () => {
  const ports = fakePorts();
  ports.secrets.before = (operation) => {
    if (operation === 'create') throw new RelayError('TARGET_CONTENDED', 'somebody else');
  };

  expect(words(await relay([workFor()], ports, signal))).toEqual(['dev/db TARGET_CONTENDED']);
  expect(ports.source.reads).toHaveLength(8);
});

describe('a read that may be stale', () => {
  const newest = aVersion(3);
  const event = { versionId: newest.id, time: newest.created };
  const expected = new Map([['aws:shop/db', [event]]]);
  const stale = aText('old', aRef(), aVersion(2));

  test('is not written when a later read finds the named version', async () => {
    const ports = fakePorts();
    ports.source.set(aRef(), stale, aText('new', aRef(), newest));

    await relay([workFor(aDeclaration(), { expected })], ports, signal);

    expect(ports.secrets.objects.get('dev/shop/db')?.data).toEqual({ password: 'new' });
    expect(ports.clock.slept).toEqual([1000]);
  });

  test('is written once a later read agrees: a rollback is legitimate', async () => {
    const ports = fakePorts();
    ports.secrets.put(target, aManagedSecret());
    ports.source.set(aRef(), aText('rolled back', aRef(), { id: 'version-0', created: new Date(0) }));

    expect(await relay([workFor()], ports, signal)).toMatchObject([{ kind: 'written', reason: 'version' }]);
    expect(ports.source.reads).toHaveLength(2);
  });

  test('does not hold back the targets whose read is beyond doubt', async () => {
    const ports = fakePorts();
    const other = aRef('shop/other');
    ports.source.set(aRef(), stale).set(other, aText('fine', other));
    ports.clock.sleep = () => {
      expect(ports.secrets.objects.has('dev/shop/other')).toBe(true);
      return Promise.resolve();
    };

    await relay(
      [
        workFor(aDeclaration(), { expected }),
        workFor(
          aDeclaration({ name: 'other', data: [anItem('k', undefined, other)], target: { name: 'other' } }),
        ),
      ],
      ports,
      signal,
    );

    expect.assertions(1);
  });

  test('is left to a later retry when the reads never agree', async () => {
    const ports = fakePorts();
    ports.source.set(aRef(), ...[1, 2, 1, 2, 1, 2].map((n) => aText('flapping', aRef(), aVersion(n))));

    expect(words(await relay([workFor(aDeclaration(), { expected })], ports, signal))).toEqual([
      'dev/db SOURCE_UNSETTLED',
    ]);
    expect(ports.secrets.writes).toEqual([]);
  });

  test('never deletes on a single "not found"', async () => {
    const ports = fakePorts();
    ports.secrets.put(target, aManagedSecret());
    ports.source.set(aRef(), aFailure('SOURCE_NOT_FOUND'), aText('back', aRef(), aVersion(2)));

    await relay([workFor(aDeclaration({ target: { deletionPolicy: 'Delete' } }))], ports, signal);

    expect(ports.secrets.objects.get('dev/shop/db')?.data).toEqual({ password: 'back' });
  });
});

describe('one that is broken holds back no other', () => {
  test('a secret that cannot be read', async () => {
    const ports = fakePorts();
    const bad = aDeclaration({
      name: 'bad',
      data: [anItem('k', undefined, aRef('denied'))],
      target: { name: 'bad' },
    });
    ports.source.set(aRef('denied'), aFailure('SOURCE_DENIED'));

    expect(words(await relay([workFor(bad), workFor()], ports, signal))).toEqual([
      'dev/bad SOURCE_DENIED',
      'dev/db written',
    ]);
  });

  test('a namespace that refuses', async () => {
    const ports = fakePorts();
    ports.secrets.before = (_operation, id) => {
      if (id.includes('/closed/')) throw new RelayError('CLUSTER_FORBIDDEN', id);
    };
    const closed = aDeclaration({ namespace: 'closed' });

    expect(words(await relay([workFor(closed), workFor()], ports, signal))).toEqual([
      'dev/db CLUSTER_FORBIDDEN',
      'dev/db written',
    ]);
  });

  test('a cluster that does not answer, which is asked no more than it must be', async () => {
    const ports = fakePorts();
    let asked = 0;
    ports.secrets.before = (_operation, id) => {
      if (!id.startsWith('down/')) return;
      asked += 1;
      throw new RelayError('CLUSTER_UNREACHABLE', id);
    };
    const many = Array.from({ length: 120 }, (_, n) =>
      workFor(aDeclaration({ name: `d${n}`, target: { name: `d${n}` } }), { cluster: 'down' }),
    );

    const outcomes = await relay([...many, workFor()], ports, signal);

    expect(words(outcomes).filter((word) => word.startsWith('dev/'))).toEqual(['dev/db written']);
    expect(outcomes.filter((outcome) => outcome.kind === 'failed')).toHaveLength(120);
    expect(asked).toBeLessThanOrEqual(ports.concurrency);
  });

  test('an unforeseen error, of which only the class is told', async () => {
    const ports = fakePorts();
    ports.secrets.before = () => {
      throw new TypeError('canary-5f1c');
    };

    const [outcome] = await relay([workFor()], ports, signal);

    expect(outcome?.kind === 'failed' && outcome.error.message).toMatch(/^UNEXPECTED: .*TypeError/u);
    expect(JSON.stringify(outcome)).not.toContain('canary-5f1c');
  });
});

test('several events about one target become one push that expects them all', async () => {
  const ports = fakePorts();
  const expects = (n: number) => ({
    expected: new Map([['aws:shop/db', [{ versionId: aVersion(n).id, time: aVersion(n).created }]]]),
  });
  ports.source.set(aRef(), aText('v2', aRef(), aVersion(2)));

  const outcomes = await relay(
    [workFor(aDeclaration(), expects(1)), workFor(aDeclaration(), expects(2))],
    ports,
    signal,
  );

  expect(words(outcomes)).toEqual(['dev/db written']);
  expect(ports.source.reads).toHaveLength(1);
});

test('a Secret that is taken over from ESO bears ESO’s marks no longer', async () => {
  const ports = fakePorts();
  ports.secrets.put(target, anEsoSecret(), { password: 'fake-old' });
  const work = workFor(aDeclaration({ takeOver: true }));

  expect(words(await relay([work], ports, signal))).toEqual(['dev/db written']);

  const written = ports.secrets.objects.get('dev/shop/db');
  expect(written?.data).toEqual({ password: 'fake' });
  expect(written?.observed.labels).toEqual({ [LABEL.managedBy]: MANAGED_BY });
  expect(Object.keys(written?.observed.annotations ?? {})).not.toContain(
    'reconcile.external-secrets.io/data-hash',
  );
});

test('an object that another controller brings about is neither looked at nor written, until it is taken over', async () => {
  const ports = fakePorts();
  const at = new Date(ports.clock.time.getTime() - 60_000);
  const origin = aDeclaredObject({
    version: versionOf(1),
    statusWriters: { relay: undefined, other: { manager: 'external-secrets', at } },
  });
  const { namespace, name } = origin.ref;
  ports.reports.objects.set(objectId(origin.ref), {
    metadata: { namespace, name, uid: origin.uid, generation: 1, resourceVersion: '17' },
  });
  ports.secrets.before = () => {
    throw new Error('asked');
  };

  expect(words(await relay([workFor(aDeclaration({ origin }))], ports, signal))).toEqual([
    'dev/db ESO_STILL_RUNS',
  ]);

  ports.secrets.before = () => undefined;
  const taken = workFor(aDeclaration({ origin, takeOver: true }));
  expect(words(await relay([taken], ports, signal))).toEqual(['dev/db written']);
});

test('a key that somebody added is pruned under the version that the write left', async () => {
  const ports = fakePorts();
  ports.secrets.put(target, aManagedSecret({ keyOwners: new Map([['extra', new Set(['kubectl-edit'])]]) }), {
    extra: 'x',
  });

  await relay([workFor()], ports, signal);

  expect(ports.secrets.writes).toEqual(['apply dev/shop/db', 'prune dev/shop/db']);
  expect(ports.secrets.objects.get('dev/shop/db')?.data).toEqual({ password: 'fake' });
});

describe('what a write changes is marked in the Secret', () => {
  const cause = { event: 'event-1', rotated: new Date('2026-01-31T23:59:00Z') };
  const annotationsOf = (ports: ReturnType<typeof fakePorts>) =>
    ports.secrets.objects.get('dev/shop/db')?.observed.annotations ?? {};

  test('by a revision, the change that caused it, and an outcome that says that restarts are due', async () => {
    const ports = fakePorts();

    const outcomes = await relay(
      [workFor(aDeclaration(), { causes: [cause], restarts: true })],
      ports,
      signal,
    );

    expect(outcomes).toMatchObject([{ kind: 'written', revision: 'version-1', restartsDue: true }]);
    expect(changeMarks(annotationsOf(ports))).toMatchObject({
      revision: 'version-1',
      change: { ...cause, written: ports.clock.time, restarts: undefined },
    });
  });

  test('and not where another version has the same data', async () => {
    const ports = fakePorts();
    await relay([workFor()], ports, signal);
    const before = annotationsOf(ports);
    ports.source.set(aRef(), aText('fake', aRef(), aVersion(2)));

    const outcomes = await relay([workFor()], ports, signal);

    expect(outcomes).toMatchObject([{ kind: 'written', reason: 'version', revision: undefined }]);
    const write = { written: ports.clock.time, reason: 'version' };
    expect(changeMarks(annotationsOf(ports))).toMatchObject({ ...changeMarks(before), write });
  });

  test('and no write that left the data alone is there any more after one that changed it', async () => {
    const ports = fakePorts();
    await relay([workFor()], ports, signal);
    ports.source.set(aRef(), aText('fake', aRef(), aVersion(2)));
    const [touched] = await relay([workFor()], ports, signal);
    ports.source.set(aRef(), aText('other', aRef(), aVersion(3)));

    const [changed] = await relay([workFor()], ports, signal);

    expect(touched?.annotations).toHaveProperty([ANNOTATION.write]);
    expect(changed?.annotations).not.toHaveProperty([ANNOTATION.write]);
  });

  test('and restarts are due as long as nobody recorded them, also where they were switched off since', async () => {
    const ports = fakePorts();
    const push = () => relay([workFor(aDeclaration(), { restarts: true })], ports, signal);
    await push();

    expect(await push()).toMatchObject([{ kind: 'kept', restartsDue: true }]);
    expect(await relay([workFor()], ports, signal)).toMatchObject([{ kind: 'kept', restartsDue: true }]);
  });

  test('and no restart is due for what changed while there were none', async () => {
    const ports = fakePorts();
    await relay([workFor()], ports, signal);

    expect(await relay([workFor(aDeclaration(), { restarts: true })], ports, signal)).toMatchObject([
      { kind: 'kept', restartsDue: false },
    ]);
  });

  test('as caused by the earliest of several changes', async () => {
    const ports = fakePorts();
    const later = { event: 'event-2', rotated: new Date('2026-01-31T23:59:30Z') };

    await relay(
      [workFor(aDeclaration(), { causes: [later] }), workFor(aDeclaration(), { causes: [cause] })],
      ports,
      signal,
    );

    expect(changeMarks(annotationsOf(ports)).change?.event).toBe('event-1');
  });

  test('after the Secret was compared under the version that was observed', async () => {
    const ports = fakePorts();
    ports.secrets.put(target, aManagedSecret(), { password: 'old' });
    ports.source.set(aRef(), aText('second', aRef(), aVersion(2)));
    const operations: string[] = [];
    let interfered = false;
    ports.secrets.before = (operation) => {
      operations.push(operation);
      if (operation !== 'hold' || interfered) return;
      interfered = true;
      ports.secrets.put(target, aManagedSecret(), { password: 'second' });
    };

    const outcomes = await relay([workFor()], ports, signal);

    expect(operations).toEqual(['observe', 'hold', 'observe', 'hold', 'apply']);
    expect(outcomes).toMatchObject([{ kind: 'written', attempts: 2, revision: undefined }]);
  });
});

describe('many targets', () => {
  const many = Array.from({ length: 450 }, (_, n) =>
    workFor(
      aDeclaration({
        name: `d${n}`,
        target: { name: `d${n}` },
        data: [anItem('k', undefined, aRef(`s${n}`))],
      }),
    ),
  );
  const portsOfMany = () => {
    const ports = fakePorts();
    many.forEach((_, n) => ports.source.set(aRef(`s${n}`), aText('fake', aRef(`s${n}`))));
    return ports;
  };
  const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

  test('are read a hundred at a time, so that few values are in memory', async () => {
    const ports = portsOfMany();

    await relay(many, ports, signal);

    expect(ports.source.reads.map(({ length }) => length)).toEqual([100, 100, 100, 100, 50]);
  });

  test('are read while others are written, and no more of them at once than the cluster is to bear', async () => {
    const ports = portsOfMany();
    let asking = 0;
    let most = 0;
    let readWhileWriting = false;
    ports.secrets.before = async () => {
      asking += 1;
      most = Math.max(most, asking);
      await turn();
      asking -= 1;
    };
    ports.source.before = () => {
      readWhileWriting ||= asking > 0 && ports.secrets.writes.length > 0;
    };

    const outcomes = await relay(many, ports, signal);

    expect(outcomes.filter(({ kind }) => kind === 'written')).toHaveLength(450);
    expect(most).toBe(ports.concurrency);
    expect(readWhileWriting).toBe(true);
  });
});
