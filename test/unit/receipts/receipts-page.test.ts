import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { RECEIPT } from '../../../lambda/contract.ts';
import { Receipt } from '../../../lambda/receipts/receipt.ts';
import { receiptProblems } from '../../support/receipt-schema.ts';
import { fieldsOf } from '../../support/resolved-template.ts';

const PAGE = readFileSync('docs/receipts.md', 'utf8');

/** The code of a language on the page, in order. */
function blocks(language: string): readonly string[] {
  return [...PAGE.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gmu)].flatMap(([, name, code = '']) =>
    name === language ? [code] : [],
  );
}

const [example = '{}'] = blocks('json');

test('the example is a receipt, by the published schema', () => {
  const event = fieldsOf(JSON.parse(example));

  expect(receiptProblems(event['detail'])).toBeUndefined();
  expect([event['source'], event['detail-type']]).toEqual([RECEIPT.source, RECEIPT.detailType]);
});

test('the schema that is published finds what is wrong', () => {
  const detail = fieldsOf(fieldsOf(JSON.parse(example))['detail']);

  expect(receiptProblems({ ...detail, outcome: 'perfect' })).toContain('outcome');
  expect(receiptProblems({ ...detail, id: undefined })).toContain('id');
  expect(receiptProblems({ ...detail, times: { written: 'noon' } })).toContain('written');
});

test('the page explains every outcome and every reason', () => {
  const { outcome, reason } = Receipt.shape;

  for (const name of outcome.options) expect(PAGE).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, 'mu'));
  for (const name of reason.def.innerType.options) expect(PAGE).toContain(`\`${name}\``);
});

describe('the recipes', () => {
  test('are shell that the shell understands', () => {
    const scripts = blocks('sh');

    expect(scripts.length).toBeGreaterThan(2);
    for (const script of scripts) {
      const { status, stderr } = spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' });
      expect({ script, status, stderr }).toEqual({ script, status: 0, stderr: '' });
    }
  });

  test('are TypeScript that compiles', () => {
    const [code = ''] = blocks('ts');
    const name = `${process.cwd()}/recipe.ts`;
    const options: ts.CompilerOptions = {
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2024,
      types: [],
    };
    const host = ts.createCompilerHost(options);
    const program = ts.createProgram([name], options, {
      ...host,
      fileExists: (path) => path === name || host.fileExists(path),
      getSourceFile: (path, ...rest) =>
        path === name
          ? ts.createSourceFile(path, code, ts.ScriptTarget.ES2024)
          : host.getSourceFile(path, ...rest),
    });
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));

    expect(code).toContain('ticketsFor');
    expect(problems).toEqual([]);
  }, 60_000);
});
