import { forward, membersOf } from './exchange.ts';
import type { Answer, Incoming } from './exchange.ts';

/** Which change of a parameter an action is, in the words of the event. */
const OPERATION: ReadonlyMap<string, string> = new Map([
  ['PutParameter', 'Update'],
  ['DeleteParameter', 'Delete'],
  ['LabelParameterVersion', 'LabelParameterVersion'],
]);

/**
 * Passes a change of a parameter on, and then puts Parameter Store's own event on the default bus, which the emulator never does
 * (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html); undefined for what changes no parameter.
 *
 * @param arnOf the ARN of a parameter's name
 */
export function changeParameter(
  moto: string,
  action: string,
  incoming: Incoming,
  arnOf: (name: string) => string,
): Promise<Answer> | undefined {
  const operation = OPERATION.get(action);
  return operation === undefined ? undefined : change(moto, operation, incoming, arnOf);
}

async function change(
  moto: string,
  operation: string,
  incoming: Incoming,
  arnOf: (name: string) => string,
): Promise<Answer> {
  const answer = await forward(moto, incoming);
  if (answer.status !== 200) return answer;
  const { Name, Type: type } = membersOf(incoming.body);
  const name = String(Name);
  const isFirst = operation === 'Update' && membersOf(answer.body)['Version'] === 1;
  const detail = { operation: isFirst ? 'Create' : operation, name, ...(type === undefined ? {} : { type }) };
  const entry = {
    Source: 'aws.ssm',
    DetailType: 'Parameter Store Change',
    Resources: [arnOf(name)],
    Detail: JSON.stringify(detail),
  };
  const authorization = (incoming.headers.authorization ?? '').replace('/ssm/', '/events/');
  const headers = { ...incoming.headers, authorization, 'x-amz-target': 'AWSEvents.PutEvents' };
  const sent = await forward(moto, { ...incoming, headers, body: JSON.stringify({ Entries: [entry] }) });
  if (sent.status !== 200) throw new Error(`the emulator did not take the event: ${sent.status}`);
  return answer;
}
