import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { raise } from '../foundation/errors/tributary-error.ts';
import { graphiqlPath } from './graphiql-page.ts';

/** A file of the bundle, held in memory. */
export interface ConsoleAsset {
  readonly contentType: string;
  readonly body: Buffer;
  /** Strong and quoted, as the header wants it. */
  readonly etag: string;
}

/** Named one by one: nothing else of the folder is to be served. */
const contentTypes = {
  'graphiql.js': 'text/javascript; charset=utf-8',
  'graphiql.css': 'text/css; charset=utf-8',
} as const;

/**
 * The files that the GraphiQL page loads, by their path on the server.
 *
 * @param directory the folder that `console/build.mjs` wrote to
 * @throws CONSOLE_NOT_BUILT when a file is not there
 */
export function consoleAssets(
  directory: string = builtConsoleDirectory(),
): ReadonlyMap<string, ConsoleAsset> {
  return new Map(
    Object.entries(contentTypes).map(([name, contentType]) => {
      const body = readAsset(join(directory, name));
      const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
      return [`${graphiqlPath}/${name}`, { contentType, body, etag }];
    }),
  );
}

/** The page lies in `dist/console`; this file one folder up from there once it is bundled, two when it runs from source. */
function builtConsoleDirectory(): string {
  const place = import.meta.url.endsWith('.ts') ? '../dist/console' : '../console';
  return fileURLToPath(new URL(place, import.meta.url));
}

function readAsset(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw raise('CONSOLE_NOT_BUILT', { file }, { cause });
  }
}
