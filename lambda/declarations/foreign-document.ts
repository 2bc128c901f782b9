import { problemAt } from './check.ts';
import { quote } from './problems.ts';
import type { Problem } from './problems.ts';
import type { YamlDocument } from './yaml-document.ts';

const ADVICE: ReadonlyMap<string, string> = new Map([
  ['SecretStore', 'ExternalSecret: stores go into keyrelay.yaml'],
  ['ClusterSecretStore', 'ExternalSecret: stores go into keyrelay.yaml'],
  ['PushSecret', 'ExternalSecret: writing to the store is not supported yet'],
  ['List', 'ExternalSecret: separate the items of the list with ---'],
  ['Config', 'ExternalSecret: there is one Config, in keyrelay.yaml'],
]);

const SUPPORTED: readonly unknown[] = ['ExternalSecret', 'ClusterExternalSecret'];

/** Whether a document says that it is for many namespaces. */
export function isClusterWide(document: YamlDocument): boolean {
  return fieldOf(document.value, 'kind') === 'ClusterExternalSecret';
}

/** Kinds and versions that people may well have, each with its own advice; nothing else is said of such a document. */
export function foreignDocument(document: YamlDocument): Problem | undefined {
  const kind = fieldOf(document.value, 'kind');
  const version = fieldOf(document.value, 'apiVersion');
  if (typeof kind === 'string' && !SUPPORTED.includes(kind)) {
    const expected = ADVICE.get(kind) ?? 'ExternalSecret: no other kind is supported yet';
    return problemAt(document, ['kind'], { code: 'DECLARATION_UNSUPPORTED', found: quote(kind), expected });
  }
  if (
    !SUPPORTED.includes(kind) ||
    typeof version !== 'string' ||
    !/^external-secrets\.io\/v1(alpha|beta)1$/u.test(version)
  )
    return undefined;
  const expected =
    '"external-secrets.io/v1": this version was removed upstream; change apiVersion, the fields that are supported here are the same';
  return problemAt(document, ['apiVersion'], {
    code: 'DECLARATION_UNSUPPORTED',
    found: quote(version),
    expected,
  });
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}
