import { Kind, visit, type DocumentNode } from 'graphql';

/** The variable in which fetches of entities name them: https://www.apollographql.com/docs/federation/subgraph-spec */
const reserved = 'representations';

/**
 * Mends a failure of Apollo's gateway (2.14.4): a variable that a client calls `$representations` stands in the way of
 * the gateway's own, and it breaks off. So the client's gets another name before anything is planned.
 *
 * @returns undefined when the operation has no such variable
 */
export function withoutReservedVariable(
  document: DocumentNode,
): { readonly document: DocumentNode; readonly name: string } | undefined {
  const names = new Set<string>();
  visit(document, {
    Variable: (node) => {
      names.add(node.name.value);
    },
  });
  if (!names.has(reserved)) return undefined;
  let name = `${reserved}_`;
  while (names.has(name)) name += '_';
  const renamed = visit(document, {
    Variable: (node) =>
      node.name.value === reserved
        ? { ...node, name: { kind: Kind.NAME, value: name } }
        : undefined,
  });
  return { document: renamed, name };
}

/** The values of a request for an operation whose variable was renamed. */
export function renameReservedValue(
  variables: Readonly<Record<string, unknown>>,
  name: string,
): Record<string, unknown> {
  const { [reserved]: value, ...others } = variables;
  return reserved in variables ? { ...others, [name]: value } : others;
}
