import { readFileSync } from 'node:fs';
import { Kind, parse, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { mappingDirectives } from './mapping-directives.ts';

function declarationsIn(sdl: string): readonly string[] {
  return parse(sdl)
    .definitions.filter((node) => node.kind === Kind.DIRECTIVE_DEFINITION)
    .map((node) => print(node));
}

describe('the declarations of the mapping directives', () => {
  it.each(['identity', 'sales', 'support', 'billing'])(
    'are those at the top of the schema of %s',
    (name) => {
      const declared = declarationsIn(readFileSync(`subgraphs/${name}/schema.graphql`, 'utf8'));
      const known = declarationsIn(mappingDirectives);
      expect(declared.length).toBeGreaterThan(0);
      expect(declared.filter((declaration) => !known.includes(declaration))).toEqual([]);
    },
  );
});
