import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createJiti } from 'jiti';
import { raise } from '../foundation/errors/tributary-error.ts';
import type { Domain } from '../mapping/model.ts';
import { resolverFileNames } from '../mapping/resolver-files.ts';
import { checkResolvers } from './check-resolvers.ts';
import type { ResolverModule } from './resolver-module.ts';
import { isJsonObject } from '../foundation/json-object.ts';

/**
 * Loads and checks the resolvers that stand beside a domain's schema. A file that has changed since, or whose imports
 * have, is loaded as it is now.
 *
 * @param transpiledDirectory keeps what TypeScript became, by the digest of each text: to load the transpiler takes a
 *   tenth of a start; by default nothing is kept
 * @returns an empty module when the domain computes nothing and has no such file
 */
export async function loadResolvers(
  domain: Domain,
  transpiledDirectory?: string,
): Promise<ResolverModule> {
  const folder = dirname(domain.schemaFile);
  const file = resolverFileNames
    .map((name) => resolve(folder, name))
    .find((path) => existsSync(path));
  const shownFile = file ?? join(folder, resolverFileNames[0]);
  const module =
    file === undefined ? {} : await importDefault(domain.name, file, transpiledDirectory);
  checkResolvers(domain, module, shownFile);
  return module;
}

async function importDefault(
  domain: string,
  file: string,
  transpiledDirectory: string | undefined,
): Promise<ResolverModule> {
  const jiti = createJiti(file, {
    moduleCache: false,
    fsCache: transpiledDirectory ?? false,
    interopDefault: false,
    tryNative: false,
  });
  let loaded: unknown;
  try {
    // Evaluated from its text, since Node never loads an .mjs a second time.
    const source = await readFile(file, 'utf8');
    loaded = await jiti.evalModule(source, { filename: file, async: true, forceTranspile: true });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw raise('RESOLVERS_FAILED', { domain, problem }, { at: { file }, cause: error });
  }
  const module = isJsonObject(loaded) ? loaded['default'] : undefined;
  if (module === undefined) throw notExported('the file has no default export');
  if (!isJsonObject(module)) throw notExported('its default export is no object');
  for (const [type, resolvers] of Object.entries(module)) {
    if (!isJsonObject(resolvers)) throw notExported(`${type} is no object with functions`);
    for (const [name, resolver] of Object.entries(resolvers)) {
      if (!isResolver(resolver)) throw notExported(`${type}.${name} is no function`);
    }
  }
  return module as ResolverModule;

  function notExported(problem: string): Error {
    return raise('RESOLVERS_NOT_EXPORTED', { domain, problem }, { at: { file } });
  }
}

function isResolver(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return (
    isJsonObject(value) &&
    (typeof value['resolve'] === 'function' || typeof value['subscribe'] === 'function')
  );
}
