import type { ManagedFieldsEntry } from './managed-fields.ts';

/** On the pod template, where Reloader's strategy is `annotations`: JSON with `observedAt`, in seconds. */
const LAST_RELOADED = 'reloader.stakater.com/last-reloaded-from';
/** The variable that it adds to a container where its strategy is `env-vars`, as managedFields tell of it. */
const VARIABLE = /STAKATER_[A-Z0-9_]+_(SECRET|CONFIGMAP)/u;

/**
 * When Stakater Reloader last restarted a workload, to the second, by the traces that it leaves there
 * (https://github.com/stakater/Reloader/blob/master/internal/pkg/handler/upgrade.go); undefined where there are none. So it need not be looked for
 * in namespaces that are none of the relay's business.
 */
export function reloadedAtOf(
  templateAnnotations: Readonly<Record<string, string>>,
  managedFields: readonly ManagedFieldsEntry[],
): Date | undefined {
  const variables = managedFields
    .filter(({ fieldsV1 }) => VARIABLE.test(JSON.stringify(fieldsV1 ?? null)))
    .map(({ time = '' }) => Date.parse(time));
  const times = [observedAt(templateAnnotations[LAST_RELOADED]), ...variables].filter(
    (time) => !Number.isNaN(time),
  );
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

function observedAt(text = ''): number {
  const seconds = /"observedAt":\s*(\d{1,12})/u.exec(text)?.[1];
  return seconds === undefined ? Number.NaN : Number(seconds) * 1000;
}
