import { valueOf } from './setting.ts';
import type { DeclaredSecret, SecretId, Setting } from './setting.ts';
import { currentsOf } from './plan.ts';
import type { Step } from './step.ts';

/** Data of a Secret, as text. */
export type Data = Readonly<Record<string, string>>;

/** The values that were current, one after another, for each source. */
export function valuesOf(
  seed: number,
  steps: readonly Step[],
  setting: Setting,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...currentsOf(steps, setting)].map(([source, versions]) => [
      source,
      versions.map((version) => valueOf(seed, source, version)),
    ]),
  );
}

/** What the relay's keys of each declared Secret hold in the end. */
export function newestOf(
  values: ReadonlyMap<string, readonly string[]>,
  setting: Setting,
): ReadonlyMap<SecretId, Data> {
  const dataOf = ({ sources }: DeclaredSecret): Data =>
    Object.fromEntries(sources.map((source) => [source, values.get(source)?.at(-1) ?? '']));
  return new Map([...setting.declared].map(([id, secret]) => [id, dataOf(secret)]));
}

/**
 * The keys that are right once the queues are empty, without a sweep: the event of the source's last change was not lost, and nobody laid hands on
 * the Secret after that. Were the work of a failed push dropped, the last sweep would hide it.
 */
export function owedByEvents(
  steps: readonly Step[],
  setting: Setting,
): ReadonlyMap<SecretId, readonly string[]> {
  const lastChange = new Map<string, { readonly at: number; readonly lost: boolean }>();
  const lastHand = new Map<SecretId, number>();
  for (const [at, { act }] of steps.entries()) {
    if (act.kind === 'rotate' || act.kind === 'rollback')
      lastChange.set(act.source, { at, lost: act.delivery.kind === 'lost' });
    if (act.kind === 'edit' || act.kind === 'delete') lastHand.set(act.secret, at);
  }
  const isOwed = (secret: SecretId, source: string): boolean => {
    const change = lastChange.get(source);
    return change !== undefined && !change.lost && change.at > (lastHand.get(secret) ?? -1);
  };
  return new Map(
    [...setting.declared].map(([id, { sources }]) => [id, sources.filter((source) => isOwed(id, source))]),
  );
}
