import js from '@eslint/js';
import ts from 'typescript-eslint';

/** What a folder may not import, told as the rule that it would break. */
const wall = (patterns, message) => ({
  'no-restricted-imports': ['error', { patterns: patterns.map((regex) => ({ regex, message })) }],
});
const SDK = '^(@aws-sdk|@aws-crypto|@smithy|@aws-lambda-powertools|@kubernetes)(/|$)';
const IO = '^(node:(fs|http|https|net|tls|child_process|dns|timers)|fs|http|https|net|child_process)(/|$)';

/** Pure code takes the time and ids as arguments (docs/architecture.md). */
const pure = {
  'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval', 'console'],
  'no-restricted-syntax': [
    'error',
    {
      selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
      message: 'Pure code takes the time as an argument.',
    },
    {
      selector: "NewExpression[callee.name='Date'][arguments.length=0]",
      message: 'Pure code takes the time as an argument.',
    },
    {
      selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
      message: 'Pure code takes randomness as an argument.',
    },
  ],
};

export default ts.config(
  { ignores: ['node_modules/', 'dist/', 'cdk.out/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [ts.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { allowDefaultCaseForExhaustiveSwitch: false },
      ],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'The environment is read once, where a function starts.',
        },
      ],
      eqeqeq: 'error',
    },
  },
  // handlers -> relay -> (declarations, sources, cluster, render, plan) -> model: imports go one way.
  {
    files: ['lambda/model/**'],
    rules: {
      ...pure,
      ...wall([SDK, IO, '^\\.\\./(?!errors|sensitive|contract)'], 'The model knows only itself.'),
    },
  },
  {
    files: ['lambda/{render,plan,rollout}/**'],
    rules: {
      ...pure,
      ...wall(
        [SDK, IO, '/(handlers|relay|declarations|sources|cluster|telemetry|events)/'],
        'render, plan and rollout are pure: they import the model only.',
      ),
    },
  },
  {
    files: ['lambda/receipts/**'],
    rules: {
      ...pure,
      ...wall(
        [SDK, IO, '/(handlers|sources|cluster|render|telemetry|events|bus)/'],
        'receipts are pure: they import outcomes, rollouts and the model only.',
      ),
    },
  },
  {
    files: ['lambda/events/**'],
    rules: {
      ...wall(
        [SDK, '/(handlers|relay|sources|cluster|render|plan|rollout|telemetry|declarations)/'],
        'events parse: they import the model only.',
      ),
    },
  },
  {
    files: ['lambda/declarations/**'],
    rules: {
      ...wall(
        [SDK, '/(handlers|relay|sources|cluster|telemetry|events)/', '/render/render', '/plan/plan-'],
        'declarations are checked: they import the model, and the parsers of what they hold.',
      ),
    },
  },
  {
    files: ['lambda/{sources,cluster,identity}/**'],
    rules: {
      ...wall(
        ['/(handlers|relay|declarations|render|plan|rollout|telemetry|events)/'],
        'Adapters are dull: they import the model only.',
      ),
    },
  },
  {
    files: ['lambda/bus/**'],
    rules: {
      ...wall(
        ['/(handlers|relay|sources|cluster|render|plan|rollout|telemetry|events)/'],
        'Adapters are dull: the bus knows receipts and the model only.',
      ),
    },
  },
  {
    files: ['lambda/relay/**'],
    rules: { ...wall([SDK, '/(handlers|telemetry)/'], 'The relay knows ports, not adapters or handlers.') },
  },
  {
    files: ['lambda/installer/**'],
    rules: {
      ...wall(
        ['/(handlers|relay|declarations|render|plan|rollout|sources|telemetry|events)/'],
        'The installer knows clusters and the model only.',
      ),
    },
  },
  {
    files: ['infra/**'],
    rules: {
      ...wall(
        ['lambda/(?!declarations/|contract|model/|errors|events/cloudtrail-names)'],
        'infra imports lambda/declarations, the contract and the names of events only.',
      ),
    },
  },
  {
    files: [
      'local/**',
      'scripts/**',
      'bench/**',
      'test/**',
      'lambda/runtime.ts',
      'lambda/installer/start-installer.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly' },
    },
  },
);
