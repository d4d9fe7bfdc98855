import { Kind, visit, type DocumentNode } from 'graphql';
import { findContextLink } from './context-arguments.ts';

/**
 * A supergraph with contexts that `@apollo/gateway` (2.14.4) loads. It refuses what is linked for a purpose that it
 * does not know, and of contexts it knows none, though its planner plans them: `ContextValues` of the gateway fills in
 * what it leaves out. So the link names no purpose.
 */
export function admitContexts(supergraph: DocumentNode): DocumentNode {
  const link = findContextLink(supergraph);
  if (link === undefined) return supergraph;
  return visit(supergraph, {
    Directive: (node) => {
      if (node !== link.node) return undefined;
      const others = (node.arguments ?? []).filter(({ name }) => name.value !== 'for');
      return { ...node, kind: Kind.DIRECTIVE, arguments: others };
    },
  });
}
