import { describe, expect, test } from '@jest/globals';
import { fieldsDigest } from '../../../lambda/model/fields-digest.ts';
import { render } from '../../../lambda/render/render.ts';
import {
  aDeclaration,
  aFailure,
  anExtract,
  anItem,
  aRef,
  aText,
  aVersion,
  someBytes,
  textOf,
  theResults,
} from '../../support/builders.ts';

/** Renders one secret text through the given items, and gives the data or the error code. */
function rendered(declaration: ReturnType<typeof aDeclaration>, text: string): unknown {
  const result = render(declaration, 'dev', theResults([aRef(), aText(text)]));
  return result.kind === 'secret'
    ? textOf(result.secret.data)
    : result.kind === 'failure'
      ? result.error.code
      : result.kind;
}

describe('data', () => {
  test.each([
    { what: 'a whole value', property: undefined, text: 'fake-password', becomes: 'fake-password' },
    { what: 'an empty value', property: undefined, text: '', becomes: '' },
    {
      what: 'a string property without its quotes',
      property: 'a',
      text: '{"a":"x\\"y\\u00e9"}',
      becomes: 'x"yé',
    },
    { what: 'a nested property', property: 'a.b.c', text: '{"a":{"b":{"c":"deep"}}}', becomes: 'deep' },
    {
      what: 'a key with dots before a path',
      property: 'a.b',
      text: '{"a":{"b":"path"},"a.b":"key"}',
      becomes: 'key',
    },
    { what: 'a path with an escaped dot', property: 'a\\.b.c', text: '{"a.b":{"c":"v"}}', becomes: 'v' },
    { what: 'an array element', property: 'a.1', text: '{"a":["x","y"]}', becomes: 'y' },
    {
      what: 'an object as its own text',
      property: 'a',
      text: '{"a": {"b" : [1, 2.0]} }',
      becomes: '{"b" : [1, 2.0]}',
    },
    { what: 'a boolean', property: 'a', text: '{"a":true}', becomes: 'true' },
    { what: 'null as the empty string', property: 'a', text: '{"a":null}', becomes: '' },
    {
      what: 'an integer over 2^53 as it is spelled',
      property: 'a',
      text: '{"a":9007199254740993}',
      becomes: '9007199254740993',
    },
    { what: 'a decimal without its trailing zero', property: 'a', text: '{"a":1.50}', becomes: '1.5' },
    {
      what: 'a large exponent written out',
      property: 'a',
      text: '{"a":1.5e22}',
      becomes: '15000000000000000000000',
    },
    { what: 'a small exponent written out', property: 'a', text: '{"a":-2.5e-8}', becomes: '-0.000000025' },
    { what: 'the first of duplicate members', property: 'a', text: '{"a":"1","a":"2"}', becomes: '1' },
    {
      what: 'what a query selects',
      property: 'a.#(n>1)#.n',
      text: '{"a":[{"n":1},{"n":2},{"n":3.0}]}',
      becomes: '[2,3.0]',
    },
    {
      what: 'a property of JSON with a comma too many',
      property: 'b',
      text: '{"a":1,,"b":2,}',
      becomes: '2',
    },
    { what: 'a line of JSON Lines', property: '..1.a', text: '{"a":"x"}\n{"a":"y"}\n', becomes: 'y' },
    {
      what: 'a property named like a prototype member',
      property: 'constructor',
      text: '{"constructor":"v"}',
      becomes: 'v',
    },
  ])('renders $what', ({ property, text, becomes }) => {
    expect(rendered(aDeclaration({ data: [anItem('k', property)] }), text)).toEqual({ k: becomes });
  });

  test.each([
    { what: 'a property of a value that is not JSON', property: 'a', text: 'fake', code: 'VALUE_NOT_JSON' },
    { what: 'a property that does not exist', property: 'b', text: '{"a":"x"}', code: 'PROPERTY_NOT_FOUND' },
    { what: 'a path through a string', property: 'a.b', text: '{"a":"x"}', code: 'PROPERTY_NOT_FOUND' },
    { what: 'an inherited member', property: 'toString', text: '{"a":"x"}', code: 'PROPERTY_NOT_FOUND' },
    {
      what: 'an array index that is too large',
      property: 'a.2',
      text: '{"a":[1]}',
      code: 'PROPERTY_NOT_FOUND',
    },
  ])('refuses $what', ({ property, text, code }) => {
    expect(rendered(aDeclaration({ data: [anItem('k', property)] }), text)).toBe(code);
  });

  test('takes a binary secret byte by byte', () => {
    const bytes = Uint8Array.from([0, 255, 128]);

    const result = render(aDeclaration(), 'dev', theResults([aRef(), someBytes(bytes)]));

    expect(result.kind === 'secret' && result.secret.data.get('password')?.reveal()).toEqual(bytes);
  });

  test('refuses values of more than 1 MiB together, and says what to do', () => {
    const result = render(aDeclaration(), 'dev', theResults([aRef(), aText('x'.repeat(1_048_577))]));

    expect(result.kind === 'failure' && result.error.message).toMatch(
      /SECRET_TOO_LARGE: shop\/db: .* 1048577 bytes .* split/u,
    );
  });
});

describe('dataFrom.extract', () => {
  test.each([
    {
      what: 'every member, strings as they are and the rest as JSON text',
      text: '{"s":"v","n":1.0,"b":false,"o":{"x": 1},"z":null}',
      becomes: { s: 'v', n: '1.0', b: 'false', o: '{"x": 1}', z: '' },
    },
    { what: 'keys that no Secret can hold with underscores', text: '{"a/b c":"v"}', becomes: { a_b_c: 'v' } },
    { what: 'the last of duplicate members', text: '{"a":"1","a":"2"}', becomes: { a: '2' } },
    {
      what: 'a member named __proto__ as any other',
      text: '{"__proto__":"v"}',
      becomes: Object.fromEntries([['__proto__', 'v']]),
    },
  ])('renders $what', ({ text, becomes }) => {
    expect(rendered(aDeclaration({ data: [], dataFrom: [anExtract()] }), text)).toEqual(becomes);
  });

  test.each([
    { what: 'a value that is not JSON', text: 'fake', code: 'VALUE_NOT_JSON' },
    { what: 'an array', text: '["a"]', code: 'VALUE_NOT_OBJECT' },
    { what: 'two members that become one key', text: '{"a/b":"1","a:b":"2"}', code: 'KEY_CONFLICT' },
    { what: 'a key of letters that Kubernetes does not take', text: '{"é":"1"}', code: 'KEY_INVALID' },
  ])('refuses $what', ({ text, code }) => {
    expect(rendered(aDeclaration({ data: [], dataFrom: [anExtract()] }), text)).toBe(code);
  });

  test('is applied before data, which wins', () => {
    const declaration = aDeclaration({ dataFrom: [anExtract()], data: [anItem('a', 'b')] });

    expect(rendered(declaration, '{"a":"extracted","b":"chosen"}')).toEqual({ a: 'chosen', b: 'chosen' });
  });
});

describe('a source that is gone', () => {
  const gone = aRef('shop/gone');
  const declare = (deletionPolicy: 'Retain' | 'Delete' | 'Merge') =>
    aDeclaration({ data: [anItem('kept'), anItem('lost', undefined, gone)], target: { deletionPolicy } });
  const results = theResults([aRef(), aText('fake')], [gone, aFailure('SOURCE_DELETED')]);

  test('is an error under deletion policy Retain', () => {
    const result = render(declare('Retain'), 'dev', results);

    expect(result.kind === 'failure' && result.error.code).toBe('SOURCE_DELETED');
  });

  test.each(['Delete', 'Merge'] as const)('leaves its keys out under deletion policy %s', (policy) => {
    const result = render(declare(policy), 'dev', results);

    expect(result.kind === 'secret' && textOf(result.secret.data)).toEqual({ kept: 'fake' });
  });

  test('leaves nothing when it was the only one', () => {
    const only = theResults([aRef(), aFailure('SOURCE_NOT_FOUND')]);

    expect(render(aDeclaration({ target: { deletionPolicy: 'Delete' } }), 'dev', only).kind).toBe('empty');
  });

  test('is an error under every policy when it is merely unreadable', () => {
    const denied = theResults([aRef(), aText('fake')], [gone, aFailure('SOURCE_DENIED')]);

    expect(render(declare('Delete'), 'dev', denied).kind).toBe('failure');
  });
});

test('the Secret says what it holds and for whom, in annotations without any value', () => {
  const declaration = aDeclaration({
    target: { template: { type: 'kubernetes.io/tls', labels: { team: 'shop' }, annotations: { note: 'n' } } },
  });

  const result = render(
    declaration,
    'dev',
    theResults([aRef(), aText('fake-password', aRef(), aVersion(3))]),
  );

  expect(result.kind === 'secret' && { ...result.secret, data: undefined }).toEqual({
    target: { cluster: 'dev', namespace: 'shop', name: 'db' },
    type: 'kubernetes.io/tls',
    labels: { team: 'shop', 'app.kubernetes.io/managed-by': 'keyrelay' },
    annotations: {
      note: 'n',
      'keyrelay.dev/declaration': 'shop/db',
      'keyrelay.dev/declaration-digest': 'digest-1',
      'keyrelay.dev/versions': '{"aws:shop/db":{"id":"version-3","created":"2026-01-03T00:00:00.000Z"}}',
      'keyrelay.dev/creation-policy': 'Owner',
      'keyrelay.dev/fields': fieldsDigest({
        keys: ['password'],
        labels: ['team', 'app.kubernetes.io/managed-by'],
        annotations: ['note'],
      }),
    },
    data: undefined,
  });
});

test('a Secret that is merged into keeps its own managed-by label', () => {
  const declaration = aDeclaration({ target: { creationPolicy: 'Merge' } });

  const result = render(declaration, 'dev', theResults([aRef(), aText('fake')]));

  expect(result.kind === 'secret' && result.secret.labels).toEqual({ 'keyrelay.dev/merge-target': 'true' });
});

test('no error of rendering quotes the value', () => {
  const canary = 'canary-5f1c';
  const declarations = [
    aDeclaration({ data: [anItem('k', 'p')] }),
    aDeclaration({ data: [], dataFrom: [anExtract()] }),
    aDeclaration({ data: [anItem('k', 'p.q')] }),
  ];
  const texts = [canary, `["${canary}"]`, `{"x":"${canary}"`, `{"p":"${canary}"}`];

  const failures = declarations
    .flatMap((declaration) =>
      texts.map((text) => render(declaration, 'dev', theResults([aRef(), aText(text)]))),
    )
    .flatMap((result) => (result.kind === 'failure' ? [result.error] : []));

  expect(failures.length).toBeGreaterThan(5);
  for (const error of failures)
    expect(`${error.stack ?? ''}${JSON.stringify(error)}${String(error.cause)}`).not.toContain(canary);
});
