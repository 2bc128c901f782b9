import { describe, expect, test } from '@jest/globals';
import { FIELD_MANAGER } from '../../../lambda/contract.ts';
import { statusOf, statusWritersOf, versionOf } from '../../../lambda/declarations/object-status.ts';

describe('the version of an object', () => {
  // What ESO's ObjectHash gives for the same maps, by Go's crypto/sha3.
  test.each([
    ['nothing', {}, {}, '7-f47fe3c0b255b6dd8047cdffa772587bb829efe7a1cb70febeda2eb2'],
    [
      'annotations and labels, in any order',
      { 'external-secrets.io/force-sync': '2026-01-01', a: 'b: c [x]', 'Z.example/k': 'ü\n' },
      { team: 'shop', app: 'db' },
      '7-0bb44b47f029d9b9f8e1b7bb1d34a9680564d9d46d3c499ab738d62e',
    ],
  ])('is the one that ESO writes: %s', (_case, annotations, labels, version) => {
    expect(versionOf(7, annotations, labels)).toBe(version);
  });
});

describe('a status', () => {
  test('is read as it stands', () => {
    const ready = { type: 'Ready', status: 'True', reason: 'SecretSynced', message: 'secret synced' };

    expect(
      statusOf({ conditions: [ready], refreshTime: '2026-01-01T00:00:00Z', binding: { name: 'db' } }),
    ).toEqual({ conditions: [ready], refreshTime: '2026-01-01T00:00:00Z', binding: { name: 'db' } });
  });

  test.each([
    ['absent', undefined],
    ['no object', 'text'],
    [
      'of other types',
      { conditions: 'none', refreshTime: 7, binding: { name: '' }, syncedResourceVersion: null },
    ],
    ['never synced, as ESO leaves it', { conditions: null, refreshTime: null, binding: { name: '' } }],
  ])('that is %s counts as empty', (_case, status) => {
    expect(statusOf(status)).toEqual({ conditions: [] });
  });
});

describe('the last writer of a status', () => {
  const entry = (manager: string, time: string, fields: object, subresource = 'status'): object => ({
    manager,
    time,
    operation: 'Update',
    ...(subresource === '' ? {} : { subresource }),
    fieldsV1: { 'f:status': fields },
  });
  const TELLS = { '.': {}, 'f:conditions': {}, 'f:refreshTime': {} };

  test.each([
    ['nobody', [], undefined, undefined],
    [
      'the relay',
      [entry(FIELD_MANAGER, '2026-01-02T00:00:00Z', TELLS)],
      '2026-01-02T00:00:00.000Z',
      undefined,
    ],
    [
      'ESO, after the relay',
      [
        entry(FIELD_MANAGER, '2026-01-01T00:00:00Z', { 'f:refreshTime': {} }),
        entry('external-secrets', '2026-01-02T00:00:00Z', TELLS),
      ],
      '2026-01-01T00:00:00.000Z',
      'external-secrets',
    ],
    [
      'somebody, of another field',
      [entry('other', '2026-01-02T00:00:00Z', { 'f:binding': {} })],
      undefined,
      undefined,
    ],
    ['somebody, of the spec', [entry('kubectl', '2026-01-02T00:00:00Z', TELLS, '')], undefined, undefined],
    ['what is no entry', ['text', { manager: 'x' }, entry('x', 'never', TELLS)], undefined, undefined],
  ])('is %s', (_case, managedFields, relay, other) => {
    const writers = statusWritersOf(managedFields);

    expect(writers.relay?.toISOString()).toBe(relay);
    expect(writers.other?.manager).toBe(other);
  });
});
