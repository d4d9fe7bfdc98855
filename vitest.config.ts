import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

export default defineConfig({
  resolve: {
    // Node gives everybody the CommonJS build; without this Vite would give the tests a second graphql-js.
    alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }],
  },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules', 'dist'],
    globalSetup: './cli/testing/bundle-program.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Files of one worker share what they import, which saves a second for each of them; none changes what it shares.
    isolate: false,
    // One a core: the tests wait for servers and files more than they compute.
    maxWorkers: '100%',
  },
});
