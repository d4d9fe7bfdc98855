import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, validate, type GraphQLError } from 'graphql';
import { createLog } from '../../foundation/log.ts';
import { openLake, type Lake } from '../../lake/engine.ts';
import type { LakeModel } from '../../mapping/model.ts';
import { prepareLake } from '../../seed/prepare-lake.ts';
import { defaultLimits, type HubLimits } from '../limits.ts';
import { createHub, type Hub, type HubAnswer } from '../hub.ts';
import { inlineProject, type Schemas } from './inline-project.ts';

/** A hub over a real lake of its own. */
export interface TestHub {
  readonly hub: Hub;
  readonly lake: Lake;
  readonly model: LakeModel;
  /** Text of every statement that read the lake; cleared by `statements.length = 0`. */
  readonly statements: string[];
  /** Validates as a router does, then runs. */
  readonly ask: (
    query: string,
    variables?: Readonly<Record<string, unknown>>,
  ) => Promise<HubAnswer>;
  /** Another hub over the same lake. */
  readonly withLimits: (limits: Partial<HubLimits>) => Hub;
  readonly close: () => Promise<void>;
}

interface TestHubOptions {
  /** An empty folder; who made it removes it. */
  readonly directory: string;
  readonly domains: Schemas;
  /** CSV text by `<domain>/<table>.csv`. */
  readonly rows: Readonly<Record<string, string>>;
}

export async function openHub({ directory, domains, rows }: TestHubOptions): Promise<TestHub> {
  const seedDirectory = join(directory, 'seed');
  for (const [file, text] of Object.entries(rows)) {
    await mkdir(dirname(join(seedDirectory, file)), { recursive: true });
    await writeFile(join(seedDirectory, file), text);
  }
  const statements: string[] = [];
  const { hubSchema } = inlineProject(domains);
  const lake = await openLake({
    directory,
    memoryLimit: '512MB',
    onStatement: ({ text }, kind) => {
      if (kind === 'read') statements.push(text);
    },
  });
  const log = createLog({ level: 'silent' });
  await prepareLake({ lake, model: hubSchema.model, seedDirectory, log });
  const hub = createHub({ hubSchema, lake });
  const ask: TestHub['ask'] = async (query, variables) => {
    const errors: readonly GraphQLError[] = validate(hub.schema, parse(query));
    if (errors.length > 0) return { data: null, errors };
    return hub.execute({ query, variables, wire: { decimals: 'number' } });
  };
  const withLimits: TestHub['withLimits'] = (limits) =>
    createHub({ hubSchema, lake, limits: { ...defaultLimits, ...limits } });
  const { model } = hubSchema;
  return { hub, lake, model, statements, ask, withLimits, close: () => lake.close() };
}
