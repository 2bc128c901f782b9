import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type * as z from 'zod/mini';

/** A file of cases with its name, without the ending. */
export interface NamedCases<T> {
  readonly name: string;
  readonly file: T;
}

/** Every file of the folder. One that breaks the format fails the suite, with its name. */
export function caseFiles<T>(folder: string, format: z.ZodMiniType<T>): readonly NamedCases<T>[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.toSorted().map((name) => ({
    name: name.slice(0, -'.yaml'.length),
    file: parseFile(name, format, readFileSync(join(folder, name), 'utf8')),
  }));
}

function parseFile<T>(name: string, format: z.ZodMiniType<T>, text: string): T {
  const result = format.safeParse(parse(text));
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${name} breaks the format of cases: ${issues.join('; ')}`);
}
