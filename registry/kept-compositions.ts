import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import composer from '@apollo/composition/package.json' with { type: 'json' };
import { print } from 'graphql';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Log } from '../foundation/log.ts';
import { compose, type Composition, type SubgraphToCompose } from './compose.ts';

/** A project is composed twice: as it was authored, and with what is derived. These are those of now and of before. */
const mostKept = 4;

const keptSchema: z.ZodType<Composition> = z.strictObject({
  supergraphSdl: z.string().min(1),
  hints: z.array(
    z.strictObject({ code: z.string(), level: z.enum(['warning', 'info']), message: z.string() }),
  ),
});

interface KeptCompositionsOptions {
  /** Where they outlive the process; made when it is not there. They are lost with the process where it is not given. */
  readonly directory?: string | undefined;
  readonly log: Log;
}

/**
 * Composes, and remembers what came of it: the same texts compose to the same supergraph, and to find that out again
 * takes a seventh of a start. What does not compose is not remembered.
 */
export class KeptCompositions {
  readonly #kept = new LRUCache<string, Composition>({ max: mostKept });
  readonly #directory: string | undefined;
  readonly #log: Log;

  constructor({ directory, log }: KeptCompositionsOptions) {
    this.#directory = directory;
    this.#log = log;
  }

  /** As `compose`, with all that it throws. */
  readonly compose: typeof compose = ({ subgraphs }) => {
    const name = nameOf(subgraphs);
    const found = this.#kept.get(name) ?? this.#read(name);
    const composition = found ?? compose({ subgraphs });
    this.#kept.set(name, composition);
    if (found === undefined) this.#write(name, composition);
    return composition;
  };

  #read(name: string): Composition | undefined {
    if (this.#directory === undefined) return undefined;
    try {
      return keptSchema.parse(JSON.parse(readFileSync(join(this.#directory, name), 'utf8')));
    } catch {
      // Not there, or a part of what it was: it is composed anew, and written over.
      return undefined;
    }
  }

  #write(name: string, composition: Composition): void {
    const directory = this.#directory;
    if (directory === undefined) return;
    const draft = join(directory, `.${name}-${process.pid}.tmp`);
    try {
      mkdirSync(directory, { recursive: true });
      writeFileSync(draft, JSON.stringify(composition));
      renameSync(draft, join(directory, name));
      for (const other of readdirSync(directory)) {
        if (!this.#kept.has(other)) rmSync(join(directory, other), { force: true });
      }
    } catch (error) {
      this.#log.warn(
        { err: error, directory },
        'a composition was not kept; the next start takes longer',
      );
    }
  }
}

/** One name for all that a composition depends on. */
function nameOf(subgraphs: readonly SubgraphToCompose[]): string {
  const parts = subgraphs
    .map((subgraph) => [
      subgraph.name,
      subgraph.url,
      'document' in subgraph ? print(subgraph.document) : subgraph.sdl,
    ])
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
  const text = JSON.stringify([composer.version, parts]);
  return `${createHash('sha256').update(text).digest('hex')}.json`;
}
