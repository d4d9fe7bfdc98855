import { Kind, visit, type DocumentNode } from 'graphql';

/** The variable in which fetches of entities name them: https://www.apollographql.com/docs/federation/subgraph-spec */
const representations = 'representations';

/** What the planner calls the variables of contextual arguments, and we some of them. */
const contextual = /^contextualArgument_\d+_\d+(?:_below)?$/;

/** Whether fetches have a variable of this name that no client gives a value. */
export function isContextual(variable: string): boolean {
  return contextual.test(variable);
}

/**
 * Mends a failure of Apollo's gateway (2.14.4): a variable that a client calls `$representations` stands in the way of
 * the gateway's own, and it breaks off; one that is called as the planner calls those of contextual arguments would
 * take the place of them. So the client's get other names before anything is planned.
 *
 * @returns undefined when the operation has no such variable; else their new names by the old ones
 */
export function withoutReservedVariables(
  document: DocumentNode,
): { readonly document: DocumentNode; readonly renamed: ReadonlyMap<string, string> } | undefined {
  const names = new Set<string>();
  visit(document, {
    Variable: (node) => {
      names.add(node.name.value);
    },
  });
  const reserved = [...names].filter((name) => name === representations || isContextual(name));
  if (reserved.length === 0) return undefined;
  const renamed = new Map(
    reserved.map((name) => {
      let other = `${name}_`;
      while (names.has(other)) other += '_';
      return [name, other];
    }),
  );
  const other = visit(document, {
    Variable(node) {
      const value = renamed.get(node.name.value);
      return value === undefined ? undefined : { ...node, name: { kind: Kind.NAME, value } };
    },
  });
  return { document: other, renamed };
}

/** The values of a request for an operation some of whose variables were renamed. */
export function renameReservedValues(
  variables: Readonly<Record<string, unknown>>,
  renamed: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const entries = Object.entries(variables);
  const others = entries.filter(([name]) => !renamed.has(name));
  const own = entries.flatMap(([name, value]) => {
    const other = renamed.get(name);
    return other === undefined ? [] : [[other, value] as const];
  });
  return Object.fromEntries([...others, ...own]);
}
