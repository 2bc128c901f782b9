import { RelayError } from '../errors.ts';
import type {
  CredentialOrigin,
  Credentials,
  RoleStep,
  SecretOrigin,
  ServiceAccountOrigin,
  StoreIdentity,
} from '../model/identity.ts';
import type { Clock } from '../model/ports.ts';
import { Sensitive } from '../sensitive.ts';
import { createLeases } from './leases.ts';
import type { Lease } from './leases.ts';
import { SESSION_NAME, leaseOf, stsFailure } from './sts.ts';
import type { AssumedRole, StsCalls } from './sts.ts';

/** What a service account gives: the role that it is annotated with, and a token that proves to be it. */
export interface WebIdentity {
  readonly roleArn: string;
  readonly token: Sensitive<string>;
}

/** Where credentials come from. Every port throws a RelayError that says what is missing. */
export interface CredentialPorts {
  /** STS of a region, which signs with these credentials; with the relay's own where undefined. */
  readonly sts: (region: string, credentials: Sensitive<Credentials> | undefined) => Promise<StsCalls>;
  readonly serviceAccount: (origin: ServiceAccountOrigin) => Promise<WebIdentity>;
  readonly secret: (origin: SecretOrigin) => Promise<Sensitive<Credentials>>;
  readonly clock: Clock;
}

/** Gives the credentials with which a store of a region is read. */
export type StoreCredentials = (identity: StoreIdentity, region: string) => Promise<Sensitive<Credentials>>;

/** The shortest that STS gives: what was taken from a tenant, in IAM or in a cluster, stops to work within it. */
const SESSION_SECONDS = 900;
/** A Secret with credentials is read again after this: nothing tells the relay that it was changed. */
const SECRET_MS = 60_000;

/**
 * Credentials of stores, made on first use and kept in memory until shortly before they end. They are kept under all that they were made
 * from (cluster, namespace, service account, Secret, every role with what is told to it), so that nobody is ever given those of another.
 */
export function createStoreCredentials(ports: CredentialPorts): StoreCredentials {
  const leases = createLeases<Sensitive<Credentials>>(ports.clock);
  const reach = ({ from, roles }: StoreIdentity, region: string): Promise<Sensitive<Credentials>> =>
    leases(JSON.stringify([region, from ?? null, roles]), async () => {
      const last = roles.at(-1);
      if (last === undefined) return begin(from, region, ports);
      const before = { ...(from === undefined ? {} : { from }), roles: roles.slice(0, -1) };
      const relayItself = from === undefined && roles.length === 1;
      return assume(last, before, relayItself ? undefined : await reach(before, region), {
        ...ports,
        region,
      });
    });
  return reach;
}

type Kept = Lease<Sensitive<Credentials>>;

async function begin(
  origin: CredentialOrigin | undefined,
  region: string,
  ports: CredentialPorts,
): Promise<Kept> {
  switch (origin?.kind) {
    case 'service-account':
      return beServiceAccount(origin, region, ports);
    case 'secret': {
      const end = ports.clock.now().getTime() + SECRET_MS;
      const found = (await ports.secret(origin)).reveal();
      // With an end, or the SDK would keep them for ever.
      return { until: end, value: new Sensitive({ ...found, expiration: new Date(end) }) };
    }
    case undefined:
      throw new Error('defect: a store without a role has no identity of its own');
  }
}

async function beServiceAccount(
  origin: ServiceAccountOrigin,
  region: string,
  ports: CredentialPorts,
): Promise<Kept> {
  const { roleArn, token } = await ports.serviceAccount(origin);
  const { cluster, namespace, name } = origin;
  const calls = await ports.sts(region, undefined);
  return sessionOf(
    ports.clock,
    () => calls.assumeRoleWithWebIdentity({ ...assumption(roleArn), WebIdentityToken: token.reveal() }),
    {
      role: roleArn,
      advice: `it is the role of service account ${cluster}/${namespace}/${name}, and must trust the OIDC provider of ${cluster} for system:serviceaccount:${namespace}:${name} and the token’s audience`,
    },
  );
}

async function assume(
  role: RoleStep,
  before: StoreIdentity,
  credentials: Sensitive<Credentials> | undefined,
  { sts, clock, region }: CredentialPorts & { readonly region: string },
): Promise<Kept> {
  const { arn, externalId, tags = [], transitiveTagKeys = [] } = role;
  const calls = await sts(region, credentials);
  const who = nameOf(before);
  const told = [
    ...(externalId === undefined ? [] : ['ask for the store’s externalID']),
    ...(tags.length === 0 ? [] : ['allow sts:TagSession with the store’s tags']),
  ];
  return sessionOf(
    clock,
    () =>
      calls.assumeRole({
        ...assumption(arn),
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
        ...(tags.length === 0 ? {} : { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
        ...(transitiveTagKeys.length === 0 ? {} : { TransitiveTagKeys: [...transitiveTagKeys] }),
      }),
    {
      role: arn,
      advice: `its trust policy must ${[`name ${who}`, ...told].join(', ')}, and the policy of ${who} must allow sts:AssumeRole on it`,
    },
  );
}

function assumption(role: string) {
  return { RoleArn: role, RoleSessionName: SESSION_NAME, DurationSeconds: SESSION_SECONDS };
}

/** Who assumes the next role, for messages. */
function nameOf({ from, roles }: StoreIdentity): string {
  const last = roles.at(-1);
  if (last !== undefined) return `role ${last.arn}`;
  switch (from?.kind) {
    case 'service-account':
      return `the role of service account ${from.cluster}/${from.namespace}/${from.name}`;
    case 'secret':
      return `the user whose keys are in Secret ${from.cluster}/${from.accessKeyId.namespace}/${from.accessKeyId.name}`;
    case undefined:
      return 'the relay’s role';
  }
}

interface Asked {
  readonly role: string;
  readonly advice: string;
}

/** The message never quotes STS, which quotes what was sent. */
async function sessionOf(
  clock: Clock,
  call: () => Promise<AssumedRole>,
  { role, advice }: Asked,
): Promise<Kept> {
  const asked = clock.now().getTime();
  try {
    const { value, until } = leaseOf(await call(), asked, SESSION_SECONDS);
    return { until, value: new Sensitive(value) };
  } catch (thrown) {
    const { kind, name } = stsFailure(thrown);
    throw kind === 'refused'
      ? new RelayError('SOURCE_DENIED', `role ${role} could not be assumed (${name}); ${advice}`)
      : new RelayError(
          'SOURCE_UNAVAILABLE',
          `STS gave no credentials for role ${role} (${name}); the relay tries again later, see that the function reaches STS if it goes on`,
        );
  }
}
