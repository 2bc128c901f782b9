import { describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import type { ErrorCode } from '../../../lambda/errors.ts';
import type { Outcome } from '../../../lambda/relay/outcome.ts';
import { restOfShard } from '../../../lambda/relay/shard-rest.ts';
import type { ShardRest } from '../../../lambda/relay/shard-rest.ts';

const because = (code: ErrorCode): RelayError => new RelayError(code, 'as the test says');

function kept(namespace: string): Outcome {
  return {
    target: { cluster: 'dev', namespace, name: 'db' },
    declaration: `${namespace}/db`,
    attempts: 1,
    kind: 'kept',
  };
}

function failed(namespace: string, code: ErrorCode): Outcome {
  return { ...kept(namespace), kind: 'failed', error: because(code) };
}

/** The rest in words. */
function rest(
  namespaces: readonly string[],
  outcomes: readonly Outcome[],
  unlisted: Readonly<Record<string, ErrorCode>> = {},
) {
  const errors = Object.entries(unlisted).map(([name, code]) => [name, because(code)] as const);
  const result: ShardRest = restOfShard('m0', namespaces, {
    outcomes,
    unlisted: new Map(errors),
    unsurveyed: [],
  });
  return {
    reported: result.reported.map(({ target, kind }) => `${kind} ${target.namespace}`),
    shards: result.shards.map((shard) => shard.join('+')),
    retries: result.retries.map(
      ({ cluster, declaration, from }) => `${cluster}/${declaration} from ${from.join('+')}`,
    ),
    again: result.again?.code,
  };
}

const NOTHING = { reported: [], shards: [], retries: [], again: undefined };

describe('a shard', () => {
  test('that is done leaves nothing', () => {
    expect(rest(['a', 'b'], [kept('a'), kept('b')])).toEqual({ ...NOTHING, reported: ['kept a', 'kept b'] });
  });

  test('without declarations leaves nothing', () => {
    expect(rest(['a'], [])).toEqual(NOTHING);
  });

  test('that the time did not suffice for goes on with the namespaces that are not done', () => {
    expect(
      rest(['a', 'b', 'c'], [kept('a'), kept('b'), failed('b', 'DEADLINE'), failed('c', 'DEADLINE')]),
    ).toEqual({
      ...NOTHING,
      reported: ['kept a', 'kept b'],
      shards: ['b+c'],
    });
  });

  test('of which nothing was done in time is delivered again, so that it ends in the dead-letter queue', () => {
    expect(rest(['a'], [failed('a', 'DEADLINE'), failed('a', 'DEADLINE')])).toEqual({
      ...NOTHING,
      again: 'DEADLINE',
    });
  });

  test('of a cluster that broke is delivered again as a whole', () => {
    expect(rest(['a', 'b'], [failed('a', 'CLUSTER_UNREACHABLE'), failed('b', 'CLUSTER_TIMEOUT')])).toEqual({
      ...NOTHING,
      again: 'CLUSTER_UNREACHABLE',
    });
  });

  test('of which one target may pass later sends that one to be tried again', () => {
    expect(rest(['a', 'b'], [kept('a'), failed('b', 'CLUSTER_THROTTLED')])).toEqual({
      ...NOTHING,
      reported: ['kept a', 'failed b'],
      retries: ['dev/b/db from m0'],
    });
  });

  test('of which one target failed for good reports it', () => {
    expect(rest(['a'], [failed('a', 'TARGET_NOT_OURS')])).toEqual({ ...NOTHING, reported: ['failed a'] });
  });

  test('with a namespace that cannot be listed does the others, and sends that one alone', () => {
    expect(rest(['a', 'b'], [kept('a')], { b: 'CLUSTER_FORBIDDEN' })).toEqual({
      ...NOTHING,
      reported: ['kept a'],
      shards: ['b'],
    });
  });

  test('does not send a namespace again that no repetition will list', () => {
    expect(rest(['a', 'b'], [kept('a')], { b: 'CLUSTER_REJECTED' })).toEqual({
      ...NOTHING,
      reported: ['kept a'],
    });
  });

  test('whose only namespace cannot be listed is delivered again', () => {
    expect(rest(['b'], [], { b: 'CLUSTER_FORBIDDEN' })).toEqual({ ...NOTHING, again: 'CLUSTER_FORBIDDEN' });
  });

  test('of a cluster that is down is delivered again as a whole', () => {
    expect(rest(['a', 'b'], [], { a: 'CLUSTER_UNREACHABLE', b: 'CLUSTER_UNREACHABLE' })).toEqual({
      ...NOTHING,
      again: 'CLUSTER_UNREACHABLE',
    });
  });
});
