import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Resource } from './resolved-template.ts';
import { fieldsOf } from './resolved-template.ts';

/** A call as IAM sees it. */
export interface Call {
  readonly action: string;
  /** An ARN, or `*` where the action knows none. */
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
  /** The policy of the resource, such as a role's trust policy; needed where it is of another account. */
  readonly resourcePolicy?: unknown;
}

/** All identity policies of a role of a template: inline, managed, and attached. */
export function policiesOf(resources: ReadonlyMap<string, Resource>, role: string): readonly unknown[] {
  const name = resources.get(role)?.Properties['RoleName'];
  return [...resources.values()]
    .filter(({ Type }) => Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy')
    .filter(
      ({ Properties: { Roles } }) => Array.isArray(Roles) && (Roles.includes(role) || Roles.includes(name)),
    )
    .map(({ Properties }) => Properties['PolicyDocument']);
}

/** Whether IAM allows a principal of these policies the call, as an evaluator that is not ours finds. */
export async function allows(
  policies: readonly unknown[],
  principal: string,
  { action, resource, context = {}, resourcePolicy }: Call,
): Promise<boolean> {
  const [, , , region = '', account = ''] = resource.split(':');
  const own = principal.split(':')[4] ?? '';
  const answer = await runSimulation(
    {
      identityPolicies: policies.map((policy, index) => ({
        name: `policy-${index}`,
        policy: fieldsOf(policy),
      })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy === undefined ? {} : { resourcePolicy: fieldsOf(resourcePolicy) }),
      request: {
        action,
        principal,
        resource: { resource, accountId: account === '' ? own : account },
        contextVariables: { 'aws:RequestedRegion': region === '' ? 'eu-west-1' : region, ...context },
      },
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(`${action} on ${resource}: ${JSON.stringify(answer)}`);
  return answer.overallResult === 'Allowed';
}
