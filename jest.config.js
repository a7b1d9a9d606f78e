/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
  // Middy ships as ES modules only, so the whole suite runs as ES modules.
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // Ends a test that hangs. Those that start processes take a minute on a busy machine.
  testTimeout: 180_000,
  // Most tests wait for an emulator that is told to be slow, not for the processor.
  maxWorkers: 4,
};
