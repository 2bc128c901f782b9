import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { RelayError } from '../../../lambda/errors.ts';
import { decode } from '../../../lambda/render/decode.ts';
import { marshal, parseObject } from '../../../lambda/render/go-json.ts';
import { isJson, kindOf, membersOf } from '../../../lambda/render/json-text.ts';
import { selectProperty } from '../../../lambda/render/property.ts';
import { rewrite } from '../../../lambda/render/rewrite.ts';
import { replaceAll } from '../../../lambda/render/replace-all.ts';
import { templateFunctions } from '../../../lambda/render/template/functions/template-functions.ts';
import { toGo } from '../../../lambda/render/template/go-string.ts';
import { TemplateError } from '../../../lambda/render/template/template-error.ts';
import { execute, parseTemplate } from '../../../lambda/render/template/template.ts';
import { STRING_DICT, dict } from '../../../lambda/render/template/value.ts';
import { parseTextMap } from '../../../lambda/render/yaml/text-map.ts';
import { pkiFile } from '../../support/pki.ts';

/** Runs it, and lets the typed errors through that tenants' input may cause; anything else is a defect. */
function expected(run: () => unknown): unknown {
  try {
    return run();
  } catch (failure) {
    if (failure instanceof RelayError || failure instanceof TemplateError) return failure;
    throw failure;
  }
}

const UNBOUNDED = { spend: () => undefined, checkLength: () => undefined };
const text = fc.string({ unit: 'binary', maxLength: 200 });
/** Text that looks like a template, so that more than its first token is parsed. */
const template = fc
  .array(
    fc.oneof(
      fc.constantFrom('{{', '}}', '{{-', '-}}', '(', ')', '|', '.', '$x', ':=', 'range', 'if', 'end', 'else'),
      fc.constantFrom(
        'with',
        'define',
        '"a"',
        '`b`',
        '1',
        '-2.5e3',
        "'c'",
        'printf',
        'index',
        '.a',
        ' ',
        '/*',
      ),
      fc.constantFrom(...templateFunctions.keys()),
      text,
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(' '));

/** Text that looks like a gjson path. */
const path = fc
  .array(
    fc.oneof(
      fc.constantFrom('.', '.', '|', '#', '*', '?', '\\', '!', '@', ':', ',', '"', '~true', '..'),
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '(',
        ')',
        '#(',
        ')#',
        '==',
        '!=',
        '<',
        '>=',
        '%',
        '!%',
        '{a,',
        '[0,',
      ),
      fc.constantFrom('a', 'b', '0', '1', '', '"x"', '__proto__', 'constructor', '99999999999999999999'),
      fc.constantFrom('@this', '@reverse', '@ugly', '@pretty', '@flatten', '@join', '@valid', '@keys'),
      fc.constantFrom('@values', '@tostr', '@fromstr', '@group', '@dig:', ':{"deep":true}', ':{"width":9}'),
      text,
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const json = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.stringify({ a: [value, { a: value, b: 1.0 }], b: 'x', __proto__: 1, 0: [value] }));

const CRYPTIC = [
  '{{ .archive | pkcs12keyPass "fake-password" }}',
  '{{ .archive | pkcs12certPass "fake-password" }}',
  '{{ .other | pkcs12key }}',
  '{{ .other | jwkPrivateKeyPem }}',
  '{{ .other | filterPEM "X" | filterCertChain "leaf" }}',
  '{{ printf "-----BEGIN X-----\\n%s\\n-----END X-----" (b64enc .archive) | certSANs }}',
  '{{ fromYaml .other | toYaml }}',
];
/** Without the controls that no YAML can hold, and line breaks that it makes spaces of. */
const yamlText = text.map((value) => value.toWellFormed().replaceAll(/[\x7f-\x9f\ufffe\uffff]/gu, ''));

describe('whatever a tenant writes, a typed error or a result comes of it', () => {
  test('templates', () => {
    fc.assert(
      fc.property(template, text, (source, value) => {
        const run = (): string =>
          execute(parseTemplate('fuzz', toGo(source), templateFunctions), dict([['a', toGo(value)]]));
        const result = expected(run);

        expect(typeof result === 'string' || result instanceof TemplateError).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('decoding keeps what it does not decode', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const encoded = Buffer.from(Buffer.from(bytes).toString('base64'));
        expect(Buffer.from(decode('Base64', encoded, 'here')).equals(Buffer.from(bytes))).toBe(true);
        expected(() => decode('Base64URL', bytes, 'here'));
        expect(decode('None', bytes, 'here')).toBe(bytes);
      }),
    );
  });

  test('property paths, of any document', () => {
    fc.assert(
      fc.property(fc.oneof(json, text), path, (document, property) => {
        const result = expected(() => selectProperty(Buffer.from(document), property, 'here'));

        expect(result instanceof Uint8Array || result instanceof RelayError).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('property paths never reach a prototype', () => {
    const names = ['__proto__', 'constructor', 'toString', 'length', 'a.__proto__', 'a.constructor.name'];
    for (const property of [...names, '*.__proto__', '#.constructor', '{__proto__.x}.__proto__'])
      expect(() => selectProperty(Buffer.from('{"a":{}}'), property, 'here')).toThrow(RelayError);
    const own = '{"a":[{"__proto__":{"x":1}},{"__proto__":2}]}';
    for (const [property, value] of [
      ['a.#.__proto__', '[{"x":1},2]'],
      ['a.@join', '{"__proto__":2}'],
      ['a|0|{__proto__|x}', '{"x":1}'],
      ['a.0.__proto__.@group', '[]'],
    ] as const)
      expect(Buffer.from(selectProperty(Buffer.from(own), property, 'here')).toString()).toBe(value);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('JSON keeps its members, and its own way of writing them is JSON again', () => {
    fc.assert(
      fc.property(fc.dictionary(text, fc.jsonValue()), (object) => {
        const source = JSON.stringify(object);
        expect(isJson(source) && kindOf(source)).toBe('object');
        expect(new Map(membersOf(source)).size).toBe(Object.keys(object).length);
        for (const value of parseObject(source)?.values() ?? [])
          expect(JSON.parse(marshal(value, true))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('YAML mappings and regular expressions', () => {
    fc.assert(
      fc.property(text, text, (source, other) => {
        expect(parseTextMap(source)).not.toBe(null);
        expect(typeof replaceAll(RE2JS.compile('(a*)(?P<n>b?)'), source, other, UNBOUNDED)).toBe('string');
      }),
    );
  });

  test('PEM, keys and archives', () => {
    const archive = pkiFile('aes-192.p12');
    const damage = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(damage, text, (changes, other) => {
        const damaged = Buffer.from(archive);
        for (const [at, byte] of changes) damaged[at] = byte;
        const data = dict([
          ['archive', damaged.toString('latin1')],
          ['other', toGo(other)],
        ]);
        for (const source of CRYPTIC) {
          const result = expected(() => execute(parseTemplate('fuzz', source, templateFunctions), data));
          expect(typeof result === 'string' || result instanceof TemplateError).toBe(true);
          expect(String(result)).not.toContain('unforeseen');
        }
      }),
    );
  });

  test('what is written as YAML is read as the same', () => {
    fc.assert(
      fc.property(fc.dictionary(yamlText, yamlText), (object) => {
        const data = dict(
          Object.entries(object).map(([key, value]) => [toGo(key), toGo(value)]),
          STRING_DICT,
        );
        const source = '{{ toYaml . | fromYaml | toJson }}{{ toJson . }}';
        const both = execute(parseTemplate('fuzz', source, templateFunctions), data);
        expect(both.slice(0, both.length / 2)).toBe(both.slice(both.length / 2));
      }),
    );
  });

  test('an expression that backtracking would never finish', () => {
    const text = `${'a'.repeat(20_000)}b`;
    expect(replaceAll(RE2JS.compile('(a+)+$'), text, 'x', UNBOUNDED)).toBe(text);
  });
});

describe('a rewrite of keys', () => {
  const rewritten = (source: string, target: string, key: string) => (): unknown =>
    rewrite([{ kind: 'regexp', source, target }], new Map([[key, new Uint8Array()]]), 'here');

  test('by an expression that looks at all the rest for each match ends', () => {
    expect(rewritten('a*b|a', 'x', 'a'.repeat(60_000))).toThrow(/REWRITE_FAILED.*takes too long/u);
  });

  test('that would make a key without end is refused', () => {
    expect(rewritten('.*', '${0}'.repeat(5000), 'a'.repeat(2000))).toThrow(/REWRITE_FAILED.*longer than/u);
  });
});
