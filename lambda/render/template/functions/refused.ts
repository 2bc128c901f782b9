import { refused } from '../signature.ts';
import { under } from './names.ts';
import type { NamedFunctions } from './names.ts';

const RANDOM =
  'it gives another value each time, so that no two clusters and no two renderings would hold the same Secret; let Secrets Manager generate the value, and read it';
const CLOCK = 'the Secret would change with the clock instead of with its sources';
const OUTSIDE = 'templates see the values of the secret only';

/**
 * Functions that a template may not call (docs/decisions/0007-repeatable-templates.md): those that would make another Secret of the same
 * values, and those that reach outside, which ESO does not have either.
 */
export const refusedFunctions: NamedFunctions = [
  ...under(
    [
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
    ],
    refused(RANDOM),
  ),
  ...under(['now', 'ago'], refused(CLOCK)),
  ...under(['env', 'expandenv', 'getHostByName'], refused(OUTSIDE)),
];
