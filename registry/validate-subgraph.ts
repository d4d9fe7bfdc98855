import { buildSubgraph, errorCauses } from '@apollo/federation-internals';
import { raise } from '../foundation/errors/tributary-error.ts';
import {
  describeProblems,
  hintOf,
  readProblem,
  type ComposedSubgraph,
} from './composition-problem.ts';
import { findFederationLink } from './linked-features.ts';
import { checkMappingDirectives } from './mapping-directives.ts';

/**
 * Checks a subgraph's schema, as written, by federation's own rules.
 * @throws SUBGRAPH_INVALID, which lists everything that is wrong with file, line and column
 */
export function validateSubgraph(subgraph: ComposedSubgraph): void {
  const { name, document } = subgraph;
  try {
    buildSubgraph(name, '', document);
  } catch (error) {
    const causes = error instanceof Error ? errorCauses(error) : undefined;
    if (causes === undefined) throw error;
    const problems = causes.map((cause) => readProblem(cause, [subgraph]));
    const parameters = { name, problems: describeProblems(problems), advice: hintOf(problems) };
    throw raise('SUBGRAPH_INVALID', parameters, {
      at: problems[0]?.places[0]?.location,
      cause: error,
    });
  }
}

/**
 * Checks what a domain of this project has to keep besides: it is a subgraph of Federation 2, and it declares the
 * mapping directives that it uses.
 *
 * @throws SUBGRAPH_NOT_FEDERATION_2, MAPPING_DIRECTIVE_UNDECLARED, MAPPING_DIRECTIVE_DIFFERS, SUBGRAPH_INVALID
 */
export function validateDomain(subgraph: ComposedSubgraph): void {
  const { name, document } = subgraph;
  if (findFederationLink(document) === undefined) {
    const file = document.loc?.source.name ?? name;
    throw raise('SUBGRAPH_NOT_FEDERATION_2', { name }, { at: { file, line: 1, column: 1 } });
  }
  checkMappingDirectives(document);
  validateSubgraph(subgraph);
}
