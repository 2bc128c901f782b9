/** Secrets Manager appends a hyphen and six characters to the name (https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html). */
const SUFFIX = /-[A-Za-z0-9]{6}$/u;
const ARN = /^arn:[\w-]+:secretsmanager:([\w-]*):(\d*):secret:(.+)$/u;

/** What an ARN says. */
export interface Arn {
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

/** The parts of a secret's ARN, full or partial; undefined for a name. */
export function parseSecretArn(id: string): Arn | undefined {
  const [, region, account, name] = ARN.exec(id) ?? [];
  return region === undefined || account === undefined || name === undefined
    ? undefined
    : { region, account, name };
}

/** An ARN without the six-character suffix. */
export function partialArn(arn: string): string {
  return arn.replace(SUFFIX, '');
}

/**
 * Every way in which a declaration may call the secret that an event names so: the id itself and, for an ARN, the partial ARN and the name,
 * with and without the six-character suffix, because a partial ARN has none and a name may end like one. Too many candidates cost
 * a needless look, too few a lost rotation.
 */
export function secretIdCandidates(id: string): readonly string[] {
  const arn = parseSecretArn(id);
  if (arn === undefined) return [id];
  return [...new Set([id, partialArn(id), arn.name, arn.name.replace(SUFFIX, '')])];
}
