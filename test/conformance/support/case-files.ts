import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CaseFile } from './case-format.ts';

/** A file of cases with its name, without the ending. */
export interface NamedCases {
  readonly name: string;
  readonly file: CaseFile;
}

/** Every file of the folder. One that breaks the format fails the suite, with its name. */
export function caseFiles(folder: string): readonly NamedCases[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.toSorted().map((name) => ({
    name: name.slice(0, -'.yaml'.length),
    file: parseFile(name, readFileSync(join(folder, name), 'utf8')),
  }));
}

function parseFile(name: string, text: string): CaseFile {
  const result = CaseFile.safeParse(parse(text));
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${name} breaks the format of cases: ${issues.join('; ')}`);
}
