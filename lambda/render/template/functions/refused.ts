import { refused } from '../signature.ts';
import type { TemplateFunction } from '../value.ts';

const RANDOM =
  'it gives another value each time, so that no two clusters and no two renderings would hold the same Secret; let Secrets Manager generate the value, and read it';
const CLOCK = 'the Secret would change with the clock instead of with its sources';
const OUTSIDE = 'templates see the values of the secret only';

/**
 * Functions that a template may not call (docs/decisions/0006-templates-are-repeatable.md): those that would make another Secret of the same
 * values, and those that reach outside, which ESO does not have either.
 */
export const refusedFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ...[
    'randAlpha',
    'randAlphaNum',
    'randAscii',
    'randNumeric',
    'randBytes',
    'randInt',
    'shuffle',
    'uuidv4',
    'genPrivateKey',
    'genCA',
    'genCAWithKey',
    'genSelfSignedCert',
    'genSelfSignedCertWithKey',
    'genSignedCert',
    'genSignedCertWithKey',
  ].map((name) => [name, refused(RANDOM)] as const),
  ...['now', 'ago'].map((name) => [name, refused(CLOCK)] as const),
  ...['env', 'expandenv', 'getHostByName'].map((name) => [name, refused(OUTSIDE)] as const),
];
