import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** What `@apollo/gateway` loads to report to Apollo. It is told not to, so this is not even in the program. */
const reporting = [
  '@opentelemetry/exporter-metrics-otlp-http',
  '@opentelemetry/resource-detector-alibaba-cloud',
  '@opentelemetry/resource-detector-aws',
  '@opentelemetry/resource-detector-azure',
  '@opentelemetry/resource-detector-gcp',
  '@opentelemetry/sdk-metrics',
];

const common: BuildOptions = {
  absWorkingDir: root,
  outbase: '.',
  outdir: 'dist',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
};

/**
 * Bundles the program into `dist`: `npx tsx cli/bundle.ts`.
 *
 * To find and read some 1,800 modules took a quarter of a start; a bundle is read in one go. Only these stay modules of
 * their own: what resolvers import too and what has to be the same for both (graphql), what loads files by their
 * place (jiti), and what is no JavaScript (DuckDB).
 */
export async function bundleProgram(): Promise<void> {
  const { metafile } = await build({
    ...common,
    entryPoints: [
      'cli/main.ts',
      // What a process of its own runs.
      'gateway/plan/process/planner-process-entry.ts',
      // For tests that have the program read before they let it run.
      'cli/program.ts',
      'gateway/start-server.ts',
    ],
    bundle: true,
    splitting: true,
    format: 'esm',
    chunkNames: 'chunks/[name]-[hash]',
    external: ['graphql', 'jiti', '@duckdb/node-bindings'],
    alias: Object.fromEntries(reporting.map((name) => [name, './cli/nothing.cjs'])),
    // CommonJS modules among them ask for what only CommonJS has.
    banner: {
      js: [
        "import { createRequire as createRequireOfBundle } from 'node:module';",
        'const require = createRequireOfBundle(import.meta.url);',
        'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
      ].join('\n'),
    },
    legalComments: 'linked',
    metafile: true,
  });
  await removeOtherChunks(Object.keys(metafile.outputs));
  await build({
    ...common,
    entryPoints: ['cli/tributary.cts'],
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
  });
}

/** Those of former bundles, whose names have other hashes. */
async function removeOtherChunks(outputs: readonly string[]): Promise<void> {
  const made = new Set(outputs.map((file) => join(root, file)));
  const folder = join(root, 'dist/chunks');
  const files = (await readdir(folder)).map((name) => join(folder, name));
  await Promise.all(
    files.filter((file) => !made.has(file)).map((file) => rm(file, { force: true })),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleProgram();
