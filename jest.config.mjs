const project = (name) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
});

export default {
  projects: [
    { ...project('unit'), setupFiles: ['<rootDir>/test/support/quiet-telemetry.mjs'] },
    {
      ...project('infra'),
      globalSetup: '<rootDir>/test/infra/global-setup.mjs',
      globalTeardown: '<rootDir>/test/infra/global-teardown.mjs',
    },
    { ...project('conformance'), setupFiles: ['<rootDir>/test/support/quiet-telemetry.mjs'] },
    project('integration'),
    project('property'),
  ],
  testTimeout: 120_000,
};
