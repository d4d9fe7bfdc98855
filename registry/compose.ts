import { composeServices } from '@apollo/composition';
import type { DocumentNode } from 'graphql';
import { raise } from '../foundation/errors/tributary-error.ts';
import { parseSchema } from '../mapping/schema-source.ts';
import { describeProblems, hintOf, readProblem } from './composition-problem.ts';

/** A subgraph to compose, parsed or as text. `schemaFile` is what errors call the text; its name by default. */
export type SubgraphToCompose =
  | { readonly name: string; readonly url: string; readonly document: DocumentNode }
  | {
      readonly name: string;
      readonly url: string;
      readonly sdl: string;
      readonly schemaFile?: string | undefined;
    };

export interface Composition {
  readonly supergraphSdl: string;
  readonly hints: readonly Hint[];
}

/** Something that composition did and that its author may not have meant. */
export interface Hint {
  readonly code: string;
  readonly level: 'warning' | 'info';
  readonly message: string;
}

/**
 * Composes subgraphs into a supergraph, whatever their order: the same subgraphs give the same text.
 * @throws COMPOSITION_FAILED, which lists every problem with subgraph, file, line, column and hint; SCHEMA_SYNTAX
 */
export function compose(options: {
  readonly subgraphs: readonly SubgraphToCompose[];
}): Composition {
  const subgraphs = options.subgraphs
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((subgraph) => ({
      name: subgraph.name,
      url: subgraph.url,
      document: documentOf(subgraph),
    }));
  const result = composeServices(
    subgraphs.map(({ name, url, document }) => ({ name, url, typeDefs: document })),
  );
  if (result.errors !== undefined) {
    const problems = result.errors.map((error) => readProblem(error, subgraphs));
    throw raise(
      'COMPOSITION_FAILED',
      { problems: describeProblems(problems), advice: hintOf(problems) },
      { at: problems[0]?.places[0]?.location, cause: new AggregateError(result.errors) },
    );
  }
  const hints = result.hints
    .filter(({ definition }) => definition.level.name !== 'DEBUG')
    .map(({ definition, message }): Hint => {
      const level = definition.level.name === 'WARN' ? 'warning' : 'info';
      return { code: definition.code, level, message };
    });
  return { supergraphSdl: result.supergraphSdl, hints };
}

function documentOf(subgraph: SubgraphToCompose): DocumentNode {
  if ('document' in subgraph) return subgraph.document;
  return parseSchema(subgraph.sdl, subgraph.schemaFile ?? subgraph.name);
}
