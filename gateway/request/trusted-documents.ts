import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parse } from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { isJsonObject } from '../../foundation/json-object.ts';

/** Documents that were registered before they are asked, by the ids of their manifests. */
export class TrustedDocuments {
  readonly #byId = new Map<string, string>();
  readonly #byHash = new Map<string, string>();
  readonly #texts = new Set<string>();

  constructor(documents: Iterable<readonly [id: string, text: string]> = []) {
    for (const [id, text] of documents) {
      this.#byId.set(id, text);
      this.#byHash.set(hashOf(text), text);
      this.#texts.add(text);
    }
  }

  get size(): number {
    return this.#byId.size;
  }

  /** By its id in a manifest. */
  get(id: string): string | undefined {
    return this.#byId.get(id);
  }

  /** By the SHA-256 of its text, in lower case, whatever ids the manifest has. */
  withHash(hash: string): string | undefined {
    return this.#byHash.get(hash);
  }

  has(text: string): boolean {
    return this.#texts.has(text);
  }
}

/** Hexadecimal SHA-256 of a document, in lower case. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Reads manifests: Apollo's, or a plain object of ids and texts as Relay's compiler and others write it.
 * @throws TRUSTED_DOCUMENTS_UNREADABLE, TRUSTED_DOCUMENTS_INVALID
 */
export async function readTrustedDocuments(files: readonly string[]): Promise<TrustedDocuments> {
  const known = new Map<string, string>();
  for (const file of files) {
    for (const [id, text] of readManifest(await readJson(file), file)) {
      const problem = problemOf(id, text, known);
      if (problem !== undefined) throw raise('TRUSTED_DOCUMENTS_INVALID', { file, problem });
      known.set(id, text);
    }
  }
  return new TrustedDocuments(known);
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw raise('TRUSTED_DOCUMENTS_UNREADABLE', { file, problem }, { cause: error });
  }
}

type Entry = readonly [id: string, text: string];

function readManifest(manifest: unknown, file: string): readonly Entry[] {
  const invalid = (problem: string): Error => raise('TRUSTED_DOCUMENTS_INVALID', { file, problem });
  if (!isJsonObject(manifest)) throw invalid('it is no object');
  const { format, version, operations } = manifest;
  if (format === 'apollo-persisted-query-manifest') {
    if (version !== 1 || !Array.isArray(operations)) {
      throw invalid('of this format only version 1, with a list of operations, is known');
    }
    return operations.map((operation: unknown, index): Entry => {
      const { id, body } = isJsonObject(operation) ? operation : {};
      if (typeof id === 'string' && typeof body === 'string') return [id, body];
      throw invalid(`operation ${index} has no id or no body`);
    });
  }
  return Object.entries(manifest).map(([id, text]): Entry => {
    if (typeof text === 'string') return [id, text];
    throw invalid(`"${id}" is no text`);
  });
}

function problemOf(
  id: string,
  text: string,
  known: ReadonlyMap<string, string>,
): string | undefined {
  if (id === '') return 'an id is empty';
  if ((known.get(id) ?? text) !== text) return `"${id}" stands for two documents`;
  try {
    parse(text, { noLocation: true });
    return undefined;
  } catch (error) {
    return `"${id}" is no GraphQL: ${error instanceof Error ? error.message : String(error)}`;
  }
}
