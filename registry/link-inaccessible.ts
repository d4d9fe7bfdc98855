import {
  Kind,
  parse,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
} from 'graphql';
import { localDirectiveName, readLinkedFeatures } from './linked-features.ts';

interface WithInaccessible {
  readonly document: DocumentNode;
  /** What `@inaccessible` is called in the supergraph. */
  readonly directive: string;
}

const identity = 'https://specs.apollo.dev/inaccessible';

/** A supergraph that knows `@inaccessible`, under the name that it has there already or under its own. */
export function linkInaccessible(supergraph: DocumentNode): WithInaccessible {
  const known = readLinkedFeatures(supergraph).find((feature) => feature.identity === identity);
  if (known !== undefined) {
    return { document: supergraph, directive: localDirectiveName(known, 'inaccessible') };
  }
  const directive = unusedName(supergraph.definitions);
  const { link, definition } = declarationOf(directive);
  const definitions = supergraph.definitions.map((node) =>
    node.kind === Kind.SCHEMA_DEFINITION
      ? { ...node, directives: [...(node.directives ?? []), link] }
      : node,
  );
  return { document: { ...supergraph, definitions: [...definitions, definition] }, directive };
}

function declarationOf(directive: string): {
  readonly link: ConstDirectiveNode;
  readonly definition: DefinitionNode;
} {
  const rename = directive === 'inaccessible' ? '' : `, as: "${directive}"`;
  const [schema, definition] = parse(
    `extend schema @link(url: "${identity}/v0.2"${rename}, for: SECURITY)
    directive @${directive} on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION`,
    { noLocation: true },
  ).definitions;
  const [link] = schema?.kind === Kind.SCHEMA_EXTENSION ? (schema.directives ?? []) : [];
  if (link === undefined || definition === undefined) throw new Error('It was written above.');
  return { link, definition };
}

/** Somebody may have a directive of that name which is another one. */
function unusedName(definitions: readonly DefinitionNode[]): string {
  const names = new Set(
    definitions.flatMap((node) => (node.kind === Kind.DIRECTIVE_DEFINITION ? node.name.value : [])),
  );
  let name = 'inaccessible';
  while (names.has(name)) name += '_';
  return name;
}
