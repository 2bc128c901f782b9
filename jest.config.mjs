const project = (name, overrides = {}) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } }] },
  ...overrides,
});

/** Real API server and AWS emulator: started once a run (test/support/local-environment.ts). */
const real = { globalSetup: '<rootDir>/test/support/global-setup.ts', globalTeardown: '<rootDir>/test/support/global-teardown.ts', maxWorkers: 1 };

export default {
  projects: [project('unit'), project('infra'), project('integration', real), project('property', real)],
  testTimeout: 120_000,
};
