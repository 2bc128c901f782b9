import { format, inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { RelayError, toRelayError } from '../../lambda/errors.ts';
import { Sensitive } from '../../lambda/sensitive.ts';

const CANARY = 'canary-5f1c';
const secret = new Sensitive(CANARY);

test.each([
  { what: 'a template', text: `password=${secret.toString()}` },
  { what: 'String', text: String(secret) },
  { what: 'JSON', text: JSON.stringify({ deep: [secret] }) },
  {
    what: 'inspect',
    text: inspect({ deep: { deeper: [new Map([['k', secret]])] } }, { depth: 9, showHidden: true }),
  },
  { what: 'format', text: format('%s %o %j', secret, secret, secret) },
  {
    what: 'its fields',
    text: JSON.stringify(Object.entries(secret)) + Object.getOwnPropertyNames(secret).join(),
  },
])('$what does not show a sensitive value', ({ text }) => {
  expect(text).not.toContain(CANARY);
});

test('a sensitive value is revealed to who asks for it by name', () => {
  expect(secret.reveal()).toBe(CANARY);
});

test('an unforeseen error keeps its class and its frames, and loses its message', () => {
  const error = toRelayError(new TypeError(CANARY), 'writing dev/shop/db');

  expect(error.message).toMatch(/^UNEXPECTED: writing dev\/shop\/db .*TypeError/u);
  expect(error.stack).toMatch(/\n\s+at /u);
  expect(`${error.stack ?? ''}${inspect(error, { depth: 9 })}`).not.toContain(CANARY);
});

test('a relay error passes through as it is', () => {
  const error = new RelayError('DEADLINE', 'no time');

  expect(toRelayError(error, 'anything')).toBe(error);
});
