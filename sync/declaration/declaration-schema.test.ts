import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSupergraphConfig } from '../../registry/supergraph-config.ts';
import { loadSubgraphs } from '../../registry/load-subgraphs.ts';
import { repositoryDirectory } from '../../conformance/testing/start-project.ts';
import { declarationJsonSchema } from './declaration-schema.ts';
import { readSyncDeclarations } from './read-declarations.ts';

describe('docs/sync.schema.json', () => {
  it('is what the program reads by', () => {
    const file = join(repositoryDirectory, 'docs/sync.schema.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(declarationJsonSchema());
  });

  it('says of every key what it means', () => {
    const bare: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [name, value] of Object.entries(node)) {
        if (name === 'properties' && typeof value === 'object')
          for (const [key, property] of Object.entries(
            value as Record<string, { description?: string }>,
          ))
            if (property.description === undefined) bare.push(`${path}.${key}`);
        visit(value, name === 'properties' ? path : `${path}.${name}`);
      }
    };
    visit(declarationJsonSchema(), '');
    expect(bare).toEqual([]);
  });
});

it('the domains of the example declare how they are synced', async () => {
  const file = join(repositoryDirectory, 'supergraph.yaml');
  const config = await readSupergraphConfig(file, { environment: {} });
  const { model } = await loadSubgraphs(config, { timeoutMs: 1_000 });
  const options = { model, projectDirectory: repositoryDirectory, environment: {} };
  const declarations = await readSyncDeclarations(options);
  const tables = declarations.flatMap(({ domain, tables: own }) =>
    own.map(({ table, source, schedule }) => [domain, table, source.kind, schedule?.timeZone]),
  );
  expect(tables).toEqual([
    ['sales', 'customer', 'push', undefined],
    ['support', 'customer', 'folder', 'America/New_York'],
    ['billing', 'customer', 'folder', 'Europe/Berlin'],
    ['billing', 'invoice', 'folder', 'Europe/Berlin'],
  ]);
});
