import { parse, visit, type DefinitionNode } from 'graphql';
import { linkedDirectives } from './carried-directives.ts';

/** The link to federation, with the directives that the definitions use. */
export function linkExtension(definitions: readonly DefinitionNode[]): DefinitionNode {
  const used = new Set(['key', 'shareable']);
  for (const definition of definitions) {
    visit(definition, { Directive: ({ name }) => void used.add(name.value) });
  }
  const imports = ['key', 'shareable', ...linkedDirectives, 'override']
    .filter((name) => used.has(name))
    .map((name) => `"@${name}"`);
  const [extension] = parse(
    `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports.join(', ')}])`,
    { noLocation: true },
  ).definitions;
  if (extension === undefined)
    throw new Error('A schema extension that was written here does not parse');
  return extension;
}
