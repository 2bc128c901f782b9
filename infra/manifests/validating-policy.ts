import { INSTANCE_LABEL, LABEL, MANAGED_BY } from '../../lambda/contract.ts';
import type { Manifest } from '../../lambda/model/manifest.ts';

const API = 'admissionregistration.k8s.io';

/** What of a request one of the relay's fences looks at, and what it denies; expressions are CEL. */
export interface ValidatingPolicy {
  /** The relay's Kubernetes group, by which its requests are known. */
  readonly group: string;
  /** Behind the group, in the policy's name. */
  readonly about: string;
  readonly rule: {
    readonly apiGroups: readonly string[];
    readonly apiVersions: readonly string[];
    readonly operations: readonly string[];
    readonly resources: readonly string[];
  };
  readonly variables: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly { readonly expression: string; readonly message: string }[];
}

/**
 * A policy for the requests of the relay alone, and the binding that puts it to work. What cannot be evaluated is denied.
 *
 * Kubernetes 1.30 and later (https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/).
 */
export function validatingPolicy({
  group,
  about,
  rule,
  variables,
  validations,
}: ValidatingPolicy): readonly Manifest[] {
  const name = `${group}-${about}`;
  const metadata = { name, labels: { [LABEL.managedBy]: MANAGED_BY, [INSTANCE_LABEL]: group } };
  return [
    {
      apiVersion: `${API}/v1`,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: [rule] },
        matchConditions: [{ name: 'by-the-relay', expression: `'${group}' in request.userInfo.groups` }],
        variables,
        validations,
      },
    },
    {
      apiVersion: `${API}/v1`,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}
