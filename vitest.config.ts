import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const require = createRequire(import.meta.url);

/** Files that take a minute or more. The last of them would keep one core busy and the other one idle. */
const longest = [
  'conformance/killed-server.test.ts',
  'conformance/oracle.test.ts',
  'simulation/simulate.test.ts',
  'simulation/mutants.test.ts',
  'conformance/demo.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      longest.some((file) => moduleId.endsWith(file));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

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
    sequence: { sequencer: LongestFirst },
  },
});
