import type { Manifest } from '../../lambda/model/manifest.ts';
import { validatingPolicy } from './validating-policy.ts';
import { idOf } from './token-grants.ts';
import type { TokenGrant } from './token-grants.ts';

/** https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/ */
const MAX_SECONDS = 3600;

/**
 * The fence around tokens of service accounts. RBAC tells whose token the relay may ask for; it cannot tell what for, and a token for the API
 * server would let the relay be the service account. So a request of the relay is denied where it concerns
 *
 * - a service account that is not granted,
 * - no audience, which means the API server, or one that is not granted for the service account,
 * - more than an hour.
 */
export function tokenPolicy(group: string, grants: readonly TokenGrant[]): readonly Manifest[] {
  return validatingPolicy({
    group,
    about: 'tokens',
    rule: {
      apiGroups: [''],
      apiVersions: ['v1'],
      operations: ['CREATE'],
      resources: ['serviceaccounts/token'],
    },
    variables: [
      { name: 'account', expression: "request.namespace + '/' + request.name" },
      { name: 'granted', expression: mapOf(grants) },
    ],
    validations: [
      {
        expression: 'variables.account in variables.granted',
        message:
          'the relay may ask for no token of this service account (clusters[].allow[].serviceAccounts, or a store of a file)',
      },
      {
        expression:
          'has(object.spec.audiences) && size(object.spec.audiences) > 0 && object.spec.audiences.all(audience, variables.account in variables.granted && audience in variables.granted[variables.account])',
        message: 'the relay may ask for no token for this audience (clusters[].allow[].audiences)',
      },
      {
        expression: `!has(object.spec.expirationSeconds) || object.spec.expirationSeconds <= ${MAX_SECONDS}`,
        message: 'the relay may ask for no token that lasts longer than an hour',
      },
    ],
  });
}

/** A CEL map; what nobody may have still needs a type. */
function mapOf(grants: readonly TokenGrant[]): string {
  const entries = grants.map((grant) => `${quote(idOf(grant))}: [${grant.audiences.map(quote).join(', ')}]`);
  return `{${["'': ['']", ...entries].join(', ')}}`;
}

/** Audiences are people's own words; names hold no quotes and no backslashes. */
function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
