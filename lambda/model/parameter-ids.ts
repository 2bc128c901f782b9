import type { Arn } from './secret-ids.ts';

const ARN = /^arn:[\w-]+:ssm:([\w-]+):(\d{12}):parameter\/(.+)$/u;

/** The parts of a parameter's ARN; undefined for a name. An ARN does not tell `db` from `/db`, which are one parameter; the name here has the slash. */
export function parseParameterArn(id: string): Arn | undefined {
  const [, region, account, name] = ARN.exec(id) ?? [];
  return region === undefined || account === undefined || name === undefined
    ? undefined
    : { region, account, name: `/${name}` };
}

/**
 * Every way in which a declaration may call the parameter that an id stands for. A name of one level is the same with and without its
 * slash (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html), and one of several levels always
 * has it, so all ids of a parameter share the name with the slash.
 */
export function parameterIdCandidates(id: string): readonly string[] {
  const arn = parseParameterArn(id);
  return [...new Set([id, arn?.name ?? withSlash(id)])];
}

/** What stands for a name in an ARN. */
export function parameterPath(name: string): string {
  return `parameter${withSlash(name)}`;
}

function withSlash(name: string): string {
  return name.startsWith('/') ? name : `/${name}`;
}
