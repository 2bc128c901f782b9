import { expect, test } from '@jest/globals';
import { labelKey } from '../../../lambda/declarations/formats.ts';
import { templateAnnotation } from '../../../lambda/rollout/template-annotation.ts';

const LONG = `${'a'.repeat(51)}.${'b'.repeat(201)}`;

test('the annotation of a Secret has its name', () => {
  expect(templateAnnotation('db.credentials')).toBe('secret.keyrelay.dev/db.credentials');
  expect(templateAnnotation('x'.repeat(63))).toBe(`secret.keyrelay.dev/${'x'.repeat(63)}`);
});

test.each(['x'.repeat(64), LONG, `${'-'.repeat(60)}abcde`.replace('-', 'a')])(
  'a name that is too long is cut to one that Kubernetes takes (%#)',
  (name) => {
    expect(templateAnnotation(name)).toMatch(/^secret\.keyrelay\.dev\/.{63}$/u);
    expect(labelKey.safeParse(templateAnnotation(name)).success).toBe(true);
  },
);

test('long names that begin alike have annotations of their own', () => {
  expect(templateAnnotation(`${LONG.slice(0, -1)}c`)).not.toBe(templateAnnotation(LONG));
});
