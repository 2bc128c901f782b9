import { expect, test } from '@jest/globals';
import { RelayError } from '../../../lambda/errors.ts';
import type { Tracing } from '../../../lambda/model/ports.ts';
import { relay } from '../../../lambda/relay/relay.ts';
import { aDeclaration, aFailure, aRef } from '../../support/builders.ts';
import { fakePorts } from '../../support/fakes.ts';

const signal = new AbortController().signal;

/** Runs each step and keeps what X-Ray would be told, in the order in which they end. */
function recorder(): { readonly steps: string[]; readonly tracing: Tracing } {
  const steps: string[] = [];
  const tell = (name: string, about: object, outcome: string): void => {
    steps.push(`${name} ${Object.values(about).join('/')}: ${outcome}`);
  };
  const step: Tracing['step'] = async (name, about, run, outcomeOf) => {
    try {
      const result = await run();
      tell(name, about, outcomeOf?.(result) ?? 'done');
      return result;
    } catch (failure) {
      tell(name, about, failure instanceof RelayError ? failure.code : 'UNEXPECTED');
      throw failure;
    }
  };
  return { steps, tracing: { step, header: () => undefined } };
}

const pushed = async (ports: ReturnType<typeof fakePorts>): Promise<readonly string[]> => {
  const { steps, tracing } = recorder();
  await relay(
    [{ declaration: aDeclaration(), cluster: 'dev', expected: new Map() }],
    { ...ports, tracing },
    signal,
  );
  return steps;
};

test('each step of a push is about its target, with what came of it', async () => {
  const ports = fakePorts();

  expect(await pushed(ports)).toEqual([
    'observe dev/shop/db: absent',
    'read 1 secrets: done',
    'render dev/shop/db: secret',
    'create dev/shop/db: done',
  ]);
  expect(await pushed(ports)).toEqual([
    'observe dev/shop/db: present',
    'read 1 secrets: done',
    'render dev/shop/db: secret',
    'keep dev/shop/db: done',
  ]);
});

test('what failed says by which code', async () => {
  const ports = fakePorts();
  ports.source.set(aRef(), aFailure('SOURCE_DENIED'));

  expect(await pushed(ports)).toEqual([
    'observe dev/shop/db: absent',
    'read 1 secrets: done',
    'render dev/shop/db: SOURCE_DENIED',
    'refuse dev/shop/db: SOURCE_DENIED',
  ]);
});
