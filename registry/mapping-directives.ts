import {
  Kind,
  parse,
  print,
  visit,
  type DirectiveDefinitionNode,
  type DocumentNode,
} from 'graphql';
import { raise } from '../foundation/errors/tributary-error.ts';
import { locate } from '../mapping/schema-source.ts';

/**
 * The directives of the mapping, as a domain's schema declares them. Federation knows nothing of them, so a schema
 * that declares those that it uses is a valid subgraph for every tool.
 */
export const mappingDirectives = `
"The type is backed by a table of this domain in the lake; the table is named after the type, in snake_case, unless \`name\` says otherwise."
directive @table(name: String) on OBJECT

"This domain says which entities exist, and \`fields\` are the only ones that it may ever hold."
directive @identity(fields: String!) on OBJECT

"Another table of this domain whose \`columns\` hold the key of this type; aggregates in \`@column(from:)\` read it."
directive @related(table: String!, columns: [String!]!) repeatable on OBJECT

"Where a field is kept: a column (by default the field name in snake_case), or an expression over columns."
directive @column(name: String, from: String, type: String, default: String) on FIELD_DEFINITION

"The field leads to other entities: to one by columns of this table, to many by columns of the other table."
directive @relation(columns: [String!]!) on FIELD_DEFINITION

"Two entities whose values of this field are the same, but for how they are written, are one: \`as\` is \`text\` or \`email\`."
directive @match(as: String) on FIELD_DEFINITION

"The field is computed by \`resolvers.ts\`, beside the schema."
directive @computed on FIELD_DEFINITION
`;

const known: ReadonlyMap<string, DirectiveDefinitionNode> = new Map(
  definitionsIn(parse(mappingDirectives)).map((node) => [node.name.value, node]),
);

export const mappingDirectiveNames: readonly string[] = [...known.keys()];

/**
 * Checks that a domain's schema declares the mapping directives that it uses, and declares them as they are.
 * Descriptions and the order of arguments are free.
 *
 * @throws MAPPING_DIRECTIVE_UNDECLARED with the declaration to paste, MAPPING_DIRECTIVE_DIFFERS
 */
export function checkMappingDirectives(document: DocumentNode): void {
  const declared = new Map(definitionsIn(document).map((node) => [node.name.value, node]));
  for (const [name, declaration] of declared) {
    const expected = known.get(name);
    if (expected === undefined || shapeOf(declaration) === shapeOf(expected)) continue;
    const parameters = { directive: name, declaration: print(withoutDescriptions(expected)) };
    throw raise('MAPPING_DIRECTIVE_DIFFERS', parameters, { at: locate(declaration) });
  }
  visit(document, {
    Directive(node) {
      const expected = known.get(node.name.value);
      if (expected === undefined || declared.has(node.name.value)) return;
      const declaration = print(withoutDescriptions(expected));
      const parameters = { directive: node.name.value, declaration };
      throw raise('MAPPING_DIRECTIVE_UNDECLARED', parameters, { at: locate(node) });
    },
  });
}

function definitionsIn(document: DocumentNode): readonly DirectiveDefinitionNode[] {
  return document.definitions.filter((node) => node.kind === Kind.DIRECTIVE_DEFINITION);
}

function shapeOf(definition: DirectiveDefinitionNode): string {
  const byName = <Node extends { readonly name: { readonly value: string } }>(
    a: Node,
    b: Node,
  ): number => (a.name.value < b.name.value ? -1 : 1);
  return print({
    ...withoutDescriptions(definition),
    arguments: (withoutDescriptions(definition).arguments ?? []).toSorted(byName),
    locations: definition.locations.toSorted((a, b) => (a.value < b.value ? -1 : 1)),
  });
}

function withoutDescriptions(definition: DirectiveDefinitionNode): DirectiveDefinitionNode {
  const { description: _, ...rest } = definition;
  return {
    ...rest,
    arguments: (definition.arguments ?? []).map(({ description: __, ...argument }) => argument),
  };
}
