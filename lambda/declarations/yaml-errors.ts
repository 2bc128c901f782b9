import type { ErrorCode as YamlErrorCode } from 'yaml';

interface Explanation {
  readonly found: string;
  readonly expected: string;
}

/** What the YAML parser's commonest complaints mean (https://eemeli.org/yaml/#errors). */
const EXPLANATIONS: ReadonlyMap<YamlErrorCode, Explanation> = new Map<YamlErrorCode, Explanation>([
  ['ALIAS_PROPS', { found: 'an alias with a tag or an anchor', expected: 'an alias alone' }],
  ['BAD_INDENT', { found: 'an unexpected indentation', expected: 'the indentation of its neighbours' }],
  ['BAD_ALIAS', { found: 'an alias that is no name', expected: 'the name of an anchor' }],
  [
    'BLOCK_AS_IMPLICIT_KEY',
    { found: 'a nested mapping on one line', expected: 'a line of its own, or quotes around the text' },
  ],
  ['BLOCK_IN_FLOW', { found: 'an indented block within brackets', expected: 'brackets only' }],
  ['DUPLICATE_KEY', { found: 'a key that was there before', expected: 'each key once' }],
  [
    'MISSING_CHAR',
    {
      found: 'the end of a text or list that is still open',
      expected: 'its closing quote, bracket or comma',
    },
  ],
  [
    'MULTILINE_IMPLICIT_KEY',
    { found: 'a key over several lines', expected: 'a key and its colon on one line' },
  ],
  ['MULTIPLE_ANCHORS', { found: 'several anchors', expected: 'one' }],
  ['MULTIPLE_TAGS', { found: 'several tags', expected: 'none' }],
  ['RESOURCE_EXHAUSTION', { found: 'a very deep nesting', expected: 'a document of fewer levels' }],
  ['TAB_AS_INDENT', { found: 'a tab as indentation', expected: 'spaces' }],
  ['TAG_RESOLVE_FAILED', { found: 'an unknown or mistaken tag', expected: 'no tag' }],
  ['UNEXPECTED_TOKEN', { found: 'something out of place', expected: 'valid YAML' }],
]);

/** What a complaint of the parser means, without the text that it is about. */
export function kindOfYamlError(code: YamlErrorCode): Explanation {
  return EXPLANATIONS.get(code) ?? { found: `a YAML error (${code})`, expected: 'valid YAML' };
}
