import { jsonAnswer, forward, membersOf } from './exchange.ts';
import type { Answer, Incoming } from './exchange.ts';
import type { ChaosState } from './chaos.ts';

/** The most names that a call takes; moto refuses more. */
const MAX_NAMES = 10;

/**
 * Answers GetParameters as AWS does and moto does not: by ARN, with the selector that was asked for, and, where that was asked for, with
 * what a lagging replica takes for the newest version. Each name is a call of its own to the emulator.
 */
export async function readParameters(
  moto: string,
  incoming: Incoming,
  arnOf: (name: string) => string,
  chaos: ChaosState,
): Promise<Answer> {
  const asked = membersOf(incoming.body);
  const ids = (Array.isArray(asked['Names']) ? asked['Names'] : []).map(String);
  if (ids.length > MAX_NAMES) return await forward(moto, incoming);
  const found: object[] = [];
  const invalid: string[] = [];
  for (const id of ids) {
    const [name = '', selector] = id.replace(arnOf('/').slice(0, -1), '').split(':');
    const read = async (version: string): Promise<Readonly<Record<string, unknown>> | undefined> => {
      const body = JSON.stringify({ ...asked, Names: [`${name}${version}`] });
      const { Parameters } = membersOf((await forward(moto, { ...incoming, body })).body);
      const parameter: unknown = Array.isArray(Parameters) ? Parameters[0] : undefined;
      return parameter === undefined ? undefined : membersOf(JSON.stringify(parameter));
    };
    const parameter = await read(selector === undefined ? '' : `:${selector}`);
    if (parameter === undefined) invalid.push(id);
    else if (selector !== undefined) found.push({ ...parameter, Selector: `:${selector}` });
    else if (chaos.takeStale([name, arnOf(name)]))
      found.push((await read(`:${Number(parameter['Version']) - 1}`)) ?? parameter);
    else found.push(parameter);
  }
  return jsonAnswer(200, { Parameters: found, InvalidParameters: invalid });
}
