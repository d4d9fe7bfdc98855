import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TributaryError } from '../foundation/errors/tributary-error.ts';
import { consoleAssets } from './console-assets.ts';

describe('consoleAssets', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tributary-assets-'));
    await writeFile(join(directory, 'graphiql.js'), 'run();');
    await writeFile(join(directory, 'graphiql.css'), 'body {}');
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('holds the bundle by path, with its type and a tag of its bytes', async () => {
    const assets = consoleAssets(directory);
    const script = assets.get('/graphiql/graphiql.js');
    expect(script?.body.toString()).toBe('run();');
    expect(script?.contentType).toBe('text/javascript; charset=utf-8');
    expect(assets.get('/graphiql/graphiql.css')?.contentType).toBe('text/css; charset=utf-8');

    expect(script?.etag).toMatch(/^"[\w-]{43}"$/);
    expect(consoleAssets(directory).get('/graphiql/graphiql.js')?.etag).toBe(script?.etag);
    await writeFile(join(directory, 'graphiql.js'), 'walk();');
    expect(consoleAssets(directory).get('/graphiql/graphiql.js')?.etag).not.toBe(script?.etag);
  });

  it('serves nothing else that lies in the folder', async () => {
    await writeFile(join(directory, 'graphiql-page.js'), 'secret');
    expect([...consoleAssets(directory).keys()].toSorted()).toEqual([
      '/graphiql/graphiql.css',
      '/graphiql/graphiql.js',
    ]);
  });

  it('says which file is missing and how to build it', async () => {
    const file = join(directory, 'graphiql.css');
    await rm(file);
    const error = errorOf(() => consoleAssets(directory));
    expect(error.code).toBe('CONSOLE_NOT_BUILT');
    expect(error.message).toContain(file);
    expect(error.hint).toContain('npm run build');
  });
});

function errorOf(action: () => unknown): TributaryError {
  try {
    action();
  } catch (error) {
    if (error instanceof TributaryError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}
