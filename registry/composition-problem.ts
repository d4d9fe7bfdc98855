import { Kind, type ASTNode, type DocumentNode, type GraphQLError } from 'graphql';
import { formatLocation, type SourceLocation } from '../foundation/errors/tributary-error.ts';
import { collectTypes, locate } from '../mapping/schema-source.ts';
import { adviseOn } from './composition-advice.ts';
import { dependantsOf, describeDependant } from './dependants.ts';

/** A subgraph as composition sees it. The nodes of `document` may come from the authored file: places point there. */
export interface ComposedSubgraph {
  readonly name: string;
  readonly document: DocumentNode;
}

/** One thing that composition or the validation of a subgraph found, in words that lead to its cause. */
export interface CompositionProblem {
  /** Federation's code, such as `INVALID_FIELD_SHARING`. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly places: readonly Place[];
}

export interface Place {
  readonly subgraph: string;
  readonly location: SourceLocation;
}

/** Reads what federation's own tooling reports about these subgraphs. */
export function readProblem(
  error: GraphQLError,
  subgraphs: readonly ComposedSubgraph[],
): CompositionProblem {
  const code = String(error.extensions['code'] ?? 'UNKNOWN');
  const message = shorten(error.message);
  const named = placesOfNodes(error.nodes ?? [], subgraphs);
  const places = named.length > 0 ? named : placesOfNames(error.message, subgraphs);
  if (code === 'EXTERNAL_MISSING_ON_BASE') {
    const missing = readMissingProvider(error.message, subgraphs);
    if (missing !== undefined) return { code, places, ...missing };
  }
  return { code, message, hint: adviseOn({ code, message, places, subgraphs }), places };
}

/** The problems for a message: one block each, its places first. A single problem leaves its hint to the error. */
export function describeProblems(problems: readonly CompositionProblem[]): string {
  return problems
    .map(({ code, message, hint, places }) => {
      const where = places.map(
        ({ subgraph, location }) => `${formatLocation(location)} (${subgraph})`,
      );
      const colon = where.length > 0 ? ': ' : '';
      const fix = problems.length > 1 ? `\n    ${hint}` : '';
      return `  ${where.join('\n  ')}${colon}${message.replaceAll('\n', '\n    ')} [${code}]${fix}`;
    })
    .join('\n');
}

export function hintOf(problems: readonly CompositionProblem[]): string {
  const [first, second] = problems;
  if (first !== undefined && second === undefined) return first.hint;
  return 'Begin with the first: one mistake often causes several of these.';
}

/** Without the name of the subgraph, which stands beside the place, and the paths that were left out for being longer. */
function shorten(message: string): string {
  return message
    .replace(/^\[[^\]]+\] /, '')
    .split('\n')
    .filter((line) => !/^\s*- ignoring moving /.test(line))
    .join('\n');
}

function placesOfNodes(
  nodes: readonly ASTNode[],
  subgraphs: readonly ComposedSubgraph[],
): readonly Place[] {
  return nodes.flatMap((node) => {
    const owner = subgraphs.find(({ document }) => document.loc?.source === node.loc?.source);
    return node.loc === undefined || owner === undefined
      ? []
      : [{ subgraph: owner.name, location: locate(node) }];
  });
}

/** Some errors come without nodes; then the first type or field that the message names tells the place. */
function placesOfNames(message: string, subgraphs: readonly ComposedSubgraph[]): readonly Place[] {
  const owner = /^\[(?<name>[^\]]+)\] /.exec(message)?.groups?.['name'];
  const candidates = subgraphs.filter(({ name }) => owner === undefined || name === owner);
  for (const [, typeName = '', fieldName] of message.matchAll(
    /"(\w+)(?:\.(\w+))?(?:\([^"]*\))?"/g,
  )) {
    const places = candidates.flatMap((subgraph) => placesOfName(subgraph, typeName, fieldName));
    if (places.length > 0) return places;
  }
  return [];
}

function placesOfName(
  { name, document }: ComposedSubgraph,
  typeName: string,
  fieldName: string | undefined,
): readonly Place[] {
  if (fieldName !== undefined) {
    const fields = collectTypes(document).get(typeName)?.fields ?? [];
    return fields
      .filter((field) => field.name.value === fieldName)
      .map((field) => ({ subgraph: name, location: locate(field) }));
  }
  // A subgraph may be named as a directive is, such as `identity`.
  return document.definitions
    .filter((node) => node.kind !== Kind.DIRECTIVE_DEFINITION)
    .filter((node) => 'name' in node && node.name?.value === typeName)
    .map((node) => ({ subgraph: name, location: locate(node) }));
}

/** A field that is `@external` everywhere: the domain that had it is gone, so say who still needs it. */
function readMissingProvider(
  message: string,
  subgraphs: readonly ComposedSubgraph[],
): Pick<CompositionProblem, 'message' | 'hint'> | undefined {
  const coordinate = /"(?<coordinate>\w+\.\w+)"/.exec(message)?.groups?.['coordinate'];
  if (coordinate === undefined) return undefined;
  const dependants = subgraphs.flatMap((subgraph) => dependantsOf(coordinate, subgraph));
  if (dependants.length === 0) return undefined;
  const needs = dependants.map(describeDependant).join(', and ');
  const removals = dependants.map(
    (dependant) => `${dependant.coordinate} from ${dependant.subgraph}`,
  );
  return {
    message: `No subgraph provides ${coordinate} any more, but ${needs}.`,
    hint: `Bring back a subgraph that owns ${coordinate}, or remove ${removals.join(' and ')}.`,
  };
}
