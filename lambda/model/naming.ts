import type { Service } from './config.ts';
import { parameterIdCandidates, parseParameterArn } from './parameter-ids.ts';
import { parseSecretArn, secretIdCandidates } from './secret-ids.ts';
import type { Arn } from './secret-ids.ts';

interface Format {
  readonly pattern: RegExp;
  /** In words, for whoever wrote something else. */
  readonly expected: string;
}

/** How declarations and events call what a service holds. */
export interface Naming {
  /** Undefined for what is not an ARN of the service. */
  readonly parseArn: (id: string) => Arn | undefined;
  /** Every way in which a declaration may call what an id of an event stands for; two ids mean the same where they share one. */
  readonly candidates: (id: string) => readonly string[];
  /** `remoteRef.key`, with the store's prefix. */
  readonly key: Format;
  /** `remoteRef.version`. */
  readonly version: Format;
  /** `find.path`. */
  readonly path: Format;
}

/** A parameter's name: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
const PARAMETER = /^(arn:[\w-]+:ssm:[\w-]+:\d{12}:parameter(\/[\w.-]+)+|[\w.-]+|(\/[\w.-]+)+)$/u;

/** A label begins with no digit, nor with aws or ssm: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html */
const PARAMETER_VERSION = /^(AWSCURRENT|[1-9]\d{0,18}|(?!aws|ssm)[a-z_.-][\w.-]{0,99})$/iu;

export const NAMING: Readonly<Record<Service, Naming>> = {
  SecretsManager: {
    parseArn: parseSecretArn,
    candidates: secretIdCandidates,
    key: { pattern: /^(?!arn:[\w-]+:ssm:)/u, expected: 'the name or ARN of a secret of Secrets Manager' },
    version: {
      pattern: /./u,
      expected: 'a version stage such as AWSCURRENT, or uuid/ and the id of a version',
    },
    path: { pattern: /^/u, expected: 'the beginning of names' },
  },
  ParameterStore: {
    parseArn: parseParameterArn,
    candidates: parameterIdCandidates,
    key: {
      pattern: PARAMETER,
      expected:
        'the ARN or name of a parameter, which begins with / where it has several levels; its version belongs into version',
    },
    version: { pattern: PARAMETER_VERSION, expected: 'the number of a version, or a label' },
    path: { pattern: /^\/([\w.-]+(\/|$))*$/u, expected: 'a path of parameters, which begins with /' },
  },
};

/** The name in an ARN of any service; what is no ARN is a name. */
export function nameOf(id: string): string {
  const arns = Object.values(NAMING).map(({ parseArn }) => parseArn(id));
  return arns.find((arn) => arn !== undefined)?.name ?? id;
}
