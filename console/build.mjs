/**
 * Bundles the console page: `node console/build.mjs [FOLDER]`, by default into `dist/console`.
 *
 * Everything that the page needs ends up in two files, fonts included, so that it works without the internet. The
 * same sources give the same bytes, wherever the folder lies.
 */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await build({
  absWorkingDir: root,
  entryPoints: { graphiql: 'console/app/main.jsx' },
  outdir: resolve(process.argv[2] ?? resolve(root, 'dist/console')),
  bundle: true,
  format: 'iife',
  platform: 'browser',
  target: ['chrome111', 'firefox114', 'safari16.4'],
  jsx: 'automatic',
  minify: true,
  sourcemap: false,
  // The licences of what is bundled ask that their notices travel along.
  legalComments: 'eof',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
});
