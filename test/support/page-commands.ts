import { readFile } from 'node:fs/promises';
import type { AdminClient } from '../../local/admin-client.ts';
import { fieldsOf } from './resolved-template.ts';

const PLURALS: Readonly<Record<string, string>> = {
  externalsecret: 'externalsecrets',
  externalsecrets: 'externalsecrets',
  secretstore: 'secretstores',
};
const API = '/apis/external-secrets.io/v1';

/** The `kubectl patch` and `kubectl annotate` lines of a page, in order. */
export async function kubectlCommands(page: string): Promise<readonly string[]> {
  const text = await readFile(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^kubectl (patch|annotate) /u.test(line));
}

/** Does what kubectl would do with such a line. */
export async function kubectl(admin: AdminClient, command: string): Promise<void> {
  const [, verb = '', kind = '', name = '', namespace = '', rest = ''] =
    /^kubectl (\w+) (\w+) (\S+) -n (\S+) (.*)$/u.exec(command) ?? [];
  const plural = PLURALS[kind];
  if (plural === undefined) throw new Error(`not understood: ${command}`);
  const collection = `${API}/namespaces/${namespace}/${plural}`;
  const change = verb === 'patch' ? patchOf(rest) : annotationOf(rest);
  const names = name === '--all' ? await namesIn(admin, collection) : [name];
  for (const one of names) await admin.patch(`${collection}/${one}`, change, `kubectl-${verb}`);
}

function patchOf(rest: string): object {
  const [, json] = /^--type merge -p '(.*)'$/u.exec(rest) ?? [];
  if (json === undefined) throw new Error(`not understood: ${rest}`);
  return fieldsOf(JSON.parse(json));
}

function annotationOf(rest: string): object {
  const [, removed] = /^([^=]+)-$/u.exec(rest) ?? [];
  const [key = '', value] = rest.split('=');
  return { metadata: { annotations: removed === undefined ? { [key]: value } : { [removed]: null } } };
}

async function namesIn(admin: AdminClient, collection: string): Promise<readonly string[]> {
  const { items } = fieldsOf(await admin.get(collection));
  return (Array.isArray(items) ? items : []).map((item: unknown) =>
    String(fieldsOf(fieldsOf(item)['metadata'])['name']),
  );
}
