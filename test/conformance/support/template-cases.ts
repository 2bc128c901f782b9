import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod/mini';

/** A value of a template's data: its text, or its bytes as base64 where they are no text. */
const Value = z.union([z.string(), z.strictObject({ base64: z.string() })]);
const Data = z.optional(z.record(z.string(), Value));

/** What we do instead of what ESO does, on purpose. */
const Differs = z.union([
  z.strictObject({ why: z.string(), output: z.string() }),
  z.strictObject({ why: z.string(), error: z.string() }),
]);

const CorpusCase = z.strictObject({
  name: z.string(),
  template: z.string(),
  data: Data,
  differs: z.optional(Differs),
});

const CorpusFile = z.strictObject({ about: z.string(), data: Data, cases: z.array(CorpusCase) });

/** What Go made of a case. */
const Golden = z.strictObject({
  name: z.string(),
  template: z.string(),
  data: z.optional(z.record(z.string(), z.string())),
  output: z.optional(z.string()),
  base64: z.optional(z.string()),
  error: z.optional(z.strictObject({ stage: z.enum(['parse', 'execute']), message: z.string() })),
});
export type Golden = z.infer<typeof Golden>;

const GoldenFile = z.strictObject({
  data: z.optional(z.record(z.string(), z.string())),
  cases: z.array(Golden),
});

export type Differs = z.infer<typeof Differs>;

/** One template with its values (as binary strings) and what has to become of it. */
export interface TemplateCase {
  readonly name: string;
  readonly template: string;
  readonly data: ReadonlyMap<string, string>;
  readonly differs: Differs | undefined;
  readonly golden: Golden;
}

/** The cases of a file; `stale` names those whose golden is missing or was made of something else. */
export interface TemplateFile {
  readonly name: string;
  readonly cases: readonly TemplateCase[];
  readonly stale: readonly string[];
}

type Values = z.infer<typeof Data>;

/** Every corpus file with its goldens. A file that breaks its format fails the suite. */
export function templateFiles(folder: string): readonly TemplateFile[] {
  const corpus = join(folder, 'corpus');
  const names = readdirSync(corpus).map((file) => file.replace('.yaml', ''));
  return names.toSorted().map((name) => {
    const file = CorpusFile.parse(parse(readFileSync(join(corpus, `${name}.yaml`), 'utf8')));
    const goldens = GoldenFile.parse(JSON.parse(readFileSync(goldenPath(folder, name), 'utf8')));
    const sharesData = isSame(file.data, goldens.data);
    const stale: string[] = [];
    const cases = file.cases.flatMap((one, index) => {
      const golden = goldens.cases[index];
      const isFresh =
        golden?.name === one.name && golden.template === one.template && isSame(one.data, golden.data);
      if (!sharesData || !isFresh) {
        stale.push(one.name);
        return [];
      }
      const data = new Map([...bytesOf(file.data), ...bytesOf(one.data)]);
      return [{ name: one.name, template: one.template, data, differs: one.differs, golden }];
    });
    const left = goldens.cases.slice(file.cases.length).map((golden) => golden.name);
    return { name, cases, stale: [...stale, ...left] };
  });
}

/** The names of all functions that ESO offers. */
export function esoFunctionNames(folder: string): readonly string[] {
  return z.array(z.string()).parse(JSON.parse(readFileSync(goldenPath(folder, 'functions'), 'utf8')));
}

function goldenPath(folder: string, name: string): string {
  return join(folder, 'goldens', `${name}.json`);
}

function bytesOf(values: Values): readonly (readonly [string, string])[] {
  return Object.entries(values ?? {}).map(([key, value]) => [
    key,
    Buffer.from(
      typeof value === 'string' ? value : value.base64,
      typeof value === 'string' ? 'utf8' : 'base64',
    ).toString('latin1'),
  ]);
}

/** A golden spells bytes that are no UTF-8 as base64. */
function isSame(values: Values, golden: Readonly<Record<string, string>> = {}): boolean {
  const spelt = bytesOf(values).map(([key, value]): [string, string] => {
    const bytes = Buffer.from(value, 'latin1');
    const text = bytes.toString('utf8');
    return [key, Buffer.from(text).equals(bytes) ? text : `base64:${bytes.toString('base64')}`];
  });
  return spelt.length === Object.keys(golden).length && spelt.every(([key, value]) => golden[key] === value);
}
