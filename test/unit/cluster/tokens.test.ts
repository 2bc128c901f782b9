import { expect, test } from '@jest/globals';
import type { Credentials } from '../../../lambda/model/identity.ts';
import { createTokens } from '../../../lambda/cluster/tokens.ts';
import { FakeClock } from '../../support/fakes.ts';
import { aCluster } from '../../support/builders.ts';
import { someCredentials } from './clusters.ts';

const MINUTE = 60_000;

function start(credentials: (now: Date) => Credentials = () => someCredentials()) {
  const clock = new FakeClock();
  const asked: Date[] = [];
  const tokens = createTokens(
    aCluster(),
    () => {
      asked.push(clock.now());
      return Promise.resolve(credentials(clock.now()));
    },
    clock,
  );
  const pass = (ms: number): void => void (clock.time = new Date(clock.time.getTime() + ms));
  return { tokens, pass, made: () => asked.length };
}

test('a token is used for ten minutes, then made anew', async () => {
  const { tokens, pass, made } = start();
  const first = await tokens.current();

  pass(10 * MINUTE - 1);
  expect(await tokens.current()).toBe(first);

  pass(1);
  expect(await tokens.current()).not.toBe(first);
  expect(made()).toBe(2);
});

test('a token ends a minute before its credentials', async () => {
  const end = new Date('2026-02-01T00:05:00Z');
  const { tokens, pass, made } = start(() => someCredentials({ expiration: end }));
  await tokens.current();

  pass(4 * MINUTE - 1);
  await tokens.current();
  expect(made()).toBe(1);

  pass(1);
  await tokens.current();
  expect(made()).toBe(2);
});

test('a token that was refused is made anew, and one that was replaced already is not', async () => {
  const { tokens, pass, made } = start();
  const first = await tokens.current();
  pass(1000);

  tokens.refused(first);
  const second = await tokens.current();
  tokens.refused(first);

  expect(second).not.toBe(first);
  expect(await tokens.current()).toBe(second);
  expect(made()).toBe(2);
});

test('requests that run at once share one token', async () => {
  const { tokens, made } = start();

  const all = await Promise.all([tokens.current(), tokens.current(), tokens.current()]);

  expect(new Set(all).size).toBe(1);
  expect(made()).toBe(1);
});

test('credentials that cannot be had now are asked for again by the next request', async () => {
  let broken = true;
  const { tokens } = start(() => {
    if (broken) throw new Error('no credentials');
    return someCredentials();
  });
  await expect(tokens.current()).rejects.toThrow('no credentials');

  broken = false;

  await expect(tokens.current()).resolves.toMatch(/^k8s-aws-v1\./u);
});
