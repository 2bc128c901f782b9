import { ANNOTATION } from '../contract.ts';
import type { SourceVersion } from './source.ts';

/** The versions that a Secret says it holds (annotation `keyrelay.dev/versions`), by `sourceId`. */
export type RecordedVersions = ReadonlyMap<string, SourceVersion>;

/** The annotation's value: `{"store:key": {"id": "…", "created": "2026-…Z"}}`, in the order of the map. */
export function serializeVersions(versions: RecordedVersions): string {
  const entries = [...versions].map(([id, version]) => [
    id,
    { id: version.id, created: version.created?.toISOString() },
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** Reads the annotation back. One that somebody broke counts as empty: nothing is then known of what the Secret holds. */
export function recordedVersions(annotations: Readonly<Record<string, string>>): RecordedVersions {
  const versions = new Map<string, SourceVersion>();
  for (const [id, version] of Object.entries(parseObject(annotations[ANNOTATION.versions] ?? '{}'))) {
    if (!isObject(version) || typeof version['id'] !== 'string') continue;
    versions.set(id, { id: version['id'], created: parseDate(version['created']) });
  }
  return versions;
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseDate(value: unknown): Date | undefined {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
