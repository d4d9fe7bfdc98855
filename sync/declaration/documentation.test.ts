import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readmeSteps } from '../../conformance/testing/readme-steps.ts';
import { repositoryDirectory } from '../../conformance/testing/start-project.ts';
import { loadSubgraphs } from '../../registry/load-subgraphs.ts';
import { readSupergraphConfig } from '../../registry/supergraph-config.ts';
import { declarationJsonSchema } from './declaration-schema.ts';
import { readDeclaration } from './read-declarations.ts';

const document = readFileSync(join(repositoryDirectory, 'docs/sync-a-domain.md'), 'utf8');
const declarations = readmeSteps(document).filter(
  ({ language, verb }) => language === 'yaml' && (verb === undefined || verb === 'answer'),
);

describe('docs/sync-a-domain.md', () => {
  it.each(declarations.map(({ line, text }) => [line, text]))(
    'shows a declaration that is accepted on line %i',
    async (_line, text) => {
      const file = join(repositoryDirectory, 'supergraph.yaml');
      const config = await readSupergraphConfig(file, { environment: {} });
      const { model } = await loadSubgraphs(config, { timeoutMs: 1_000 });
      const domain = /^# subgraphs\/(\w+)\//.exec(text)?.[1] ?? 'support';
      const options = { model, projectDirectory: '/', environment: {} };
      expect(readDeclaration(domain, 'sync.yaml', text, options).tables).toHaveLength(1);
    },
  );

  it('shows the declaration of support as it is', () => {
    const file = join(repositoryDirectory, 'subgraphs/support/sync.yaml');
    expect(declarations[0]?.text).toBe(readFileSync(file, 'utf8'));
  });

  it('has a table of all keys', () => {
    const listed = [...document.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
    const { tables } = declarationJsonSchema().properties ?? {};
    const table = typeof tables === 'object' ? tables.additionalProperties : undefined;
    expect(listed).toEqual(
      Object.keys((typeof table === 'object' ? table.properties : undefined) ?? {}),
    );
  });
});
