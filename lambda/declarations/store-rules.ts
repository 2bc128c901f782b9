import type { Aws } from './aws-schema.ts';
import type { Report } from './own-annotations.ts';
import { quote } from './problems.ts';
import type { Openness } from './store-conditions.ts';
import { RESERVED_TAGS } from './store-identity.ts';

/** A store as it is written down; one in a file lies in no namespace. */
export interface WrittenStore extends Openness {
  readonly aws: Aws;
}

/**
 * What no field of a store shows by itself. ESO takes some of it and does nothing with it; here it is refused, because whoever writes
 * conditions, an external id or a tag relies on them.
 *
 * @param report paths are those below the store's `spec`
 */
export function storeProblems(store: WrittenStore, report: Report): void {
  const { aws, kind, conditions } = store;
  if (kind === 'SecretStore' && conditions.length > 0)
    report(['conditions'], 'conditions of a SecretStore', 'none: it is open to its own namespace alone');
  const reportAws: Report = (path, found, expected) => report(['provider', 'aws', ...path], found, expected);
  authProblems(store, reportAws);
  roleProblems(aws, reportAws);
  tagProblems(aws, reportAws);
}

function authProblems({ aws, kind, namespace }: WrittenStore, report: Report): void {
  const { jwt, secretRef } = aws.auth;
  if (jwt !== undefined && secretRef !== undefined) report(['auth'], 'both jwt and secretRef', 'one of them');
  const refs = [
    { path: ['auth', 'jwt', 'serviceAccountRef'], ref: jwt?.serviceAccountRef },
    ...Object.entries(secretRef ?? {}).map(([name, ref]) => ({ path: ['auth', 'secretRef', name], ref })),
  ];
  for (const { path, ref } of refs) {
    if (ref?.namespace === undefined || kind === 'ClusterSecretStore') continue;
    if (ref.namespace !== namespace)
      report(
        [...path, 'namespace'],
        `the namespace ${quote(ref.namespace)}`,
        `${namespace === undefined ? 'none' : quote(namespace)}: only a ClusterSecretStore takes credentials from another namespace`,
      );
  }
}

function roleProblems(
  { role, externalID, sessionTagsPolicy, sessionTags, transitiveTagKeys }: Aws,
  report: Report,
): void {
  if (role !== undefined) return;
  const told = {
    externalID: externalID !== undefined,
    sessionTagsPolicy: sessionTagsPolicy !== 'None',
    sessionTags: sessionTags.length > 0,
    transitiveTagKeys: transitiveTagKeys.length > 0,
  };
  for (const [field, given] of Object.entries(told))
    if (given) report([field], `${field} without role`, 'role beside it: it is told when role is assumed');
}

function tagProblems(aws: Aws, report: Report): void {
  const { sessionTagsPolicy: policy, sessionTags, customSessionTags, transitiveTagKeys } = aws;
  const custom = Object.keys(customSessionTags);
  if (policy !== 'None' && sessionTags.length > 0)
    report(
      ['sessionTags'],
      `sessionTags with sessionTagsPolicy ${policy}`,
      'sessionTagsPolicy Custom and customSessionTags: ESO drops sessionTags under a policy',
    );
  if (policy !== 'Custom' && custom.length > 0)
    report(['customSessionTags'], 'customSessionTags', 'sessionTagsPolicy Custom beside them');
  const reserved = `another key: only sessionTagsPolicy sets ${RESERVED_TAGS.join(', ')}`;
  sessionTags.forEach(({ key }, index) => {
    if (RESERVED_TAGS.includes(key)) report(['sessionTags', index, 'key'], quote(key), reserved);
    if (sessionTags.findIndex((tag) => tag.key === key) < index)
      report(['sessionTags', index, 'key'], `${quote(key)} again`, 'each key once');
  });
  for (const key of custom)
    if (RESERVED_TAGS.includes(key)) report(['customSessionTags', key], quote(key), reserved);
  const told = policy === 'None' ? sessionTags.map(({ key }) => key) : [...custom, ...RESERVED_TAGS];
  transitiveTagKeys.forEach((key, index) => {
    if (!told.includes(key))
      report(['transitiveTagKeys', index], quote(key), `the key of a session tag (${told.join(', ')})`);
  });
}
