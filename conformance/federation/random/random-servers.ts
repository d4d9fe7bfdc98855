import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  buildSchema,
  graphql,
  parse,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { linkFederation } from '../../testing/federation-server.ts';
import type { RandomGraph } from './random-graph.ts';
import {
  compute,
  contextOf,
  isList,
  tell,
  valueOf,
  type RandomRow,
  type RandomWorld,
  type RowReference,
} from './random-rows.ts';
import type { ContextualField } from './random-contexts.ts';
import { fieldsOf, isApart, subgraphSdl, wholeSdl } from './subgraph-sdl.ts';

type Fields = Readonly<Record<string, unknown>>;
export type AnswerQuestion = (
  query: string,
  variables: Fields,
  operationName?: string,
) => Promise<ExecutionResult>;

/** An object as a subgraph sees it: with what it was given of other subgraphs. */
interface Seen {
  /** As the subgraph calls its type. */
  readonly __typename: string;
  readonly row: RandomRow;
  readonly given: Fields;
}

/** A subgraph that knows of each row what is its own, and computes of nothing but what it is given. */
export function randomSubgraph(
  graph: RandomGraph,
  world: RandomWorld,
  subgraph: string,
): AnswerQuestion {
  const find = (typeName: string, reference: Fields): Seen | null => {
    const names = graph.abstracts.get(typeName)?.members ?? [typeName];
    const type = graph.types.get(typeName) ?? graph.types.get(`${subgraph}${typeName}`);
    const keys = type?.homes.get(subgraph) ?? [['id']];
    const key = keys.find((names_) => names_.every((name) => reference[name] !== undefined));
    if (key === undefined) throw new Error(`${subgraph} was given no key of ${typeName}`);
    const row = world.rows.find(
      ({ type: own, values }) =>
        names.includes(own) && key.every((name) => values[name] === reference[name]),
    );
    return row === undefined ? null : { __typename: typeOf(row), row, given: reference };
  };
  const names = [...graph.types.keys(), ...graph.abstracts.keys()];
  const sdl = subgraphSdl(graph, subgraph);
  const resolvers = Object.fromEntries(
    names
      .filter((name) => new RegExp(`(type|interface) ${name}\\b[^{]*@key`).test(sdl))
      .map((name) => [name, { __resolveReference: (given: Fields) => find(name, given) }]),
  );
  const schema = buildSubgraphSchema({ typeDefs: parse(linkFederation(sdl)), resolvers });
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, args, __, info) => {
    const { fieldName, parentType } = info;
    if (parentType.name === 'Query')
      return world.scalars.get(fieldName) ?? seeAll(world.roots.get(fieldName) ?? null);
    const { row, given } = source as Seen;
    const field = fieldsOf(graph, row.type).find(({ name }) => name === fieldName);
    if (field === undefined) return row.values[fieldName];
    if (field.owners.includes(subgraph)) {
      if (field.kind === 'computed') return compute(field, given, row);
      if (field.kind === 'scalar') return row.values[fieldName];
      if (field.kind === 'contextual' && field.target === undefined)
        return tell(field, row, (args as Fields)['given'], given);
      const provides = field.kind === 'reference' ? field.provides : undefined;
      return seeAll(row.references.get(fieldName) ?? null, provides);
    }
    if (field.kind === 'scalar' && field.takenFrom === subgraph) {
      throw new Error(`${subgraph} has ${fieldName} no longer`);
    }
    if (given[fieldName] === undefined) throw new Error(`${subgraph} was asked for ${fieldName}`);
    return given[fieldName];
  };
  return (source, variableValues, operationName) =>
    graphql({ schema, source, variableValues, operationName, fieldResolver });

  function typeOf({ type }: RandomRow): string {
    return isApart(graph, subgraph) ? 'I' : type;
  }

  function seeAll(
    reference: RowReference,
    provides?: string,
  ): Seen | null | readonly (Seen | null)[] {
    const see = (row: RandomRow | null): Seen | null => {
      if (row === null) return null;
      const given = provides === undefined ? {} : { [provides]: row.values[provides] };
      return { __typename: typeOf(row), row, given };
    };
    return isList(reference) ? reference.map(see) : see(reference);
  }
}

/** One server that has everything: what the graph has to answer, by other means. */
export function wholeServer(
  graph: RandomGraph,
  world: RandomWorld,
): { readonly schema: GraphQLSchema; readonly answer: AnswerQuestion } {
  const schema = buildSchema(wholeSdl(graph));
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, _, __, info) => {
    const { fieldName, parentType } = info;
    if (parentType.name === 'Query')
      return world.scalars.get(fieldName) ?? placeAll(world.roots.get(fieldName) ?? null);
    const { row, above } = source as Placed;
    const field = fieldsOf(graph, row.type).find(({ name }) => name === fieldName);
    if (field?.kind === 'contextual' && field.target === undefined)
      return tell(field, row, contextFor(field, above), row.values);
    const value = valueOf(graph, row, fieldName);
    return field?.kind === 'reference' || field?.kind === 'contextual'
      ? placeAll(value as RowReference, source as Placed)
      : value;
  };
  const typeResolver = (placed: unknown): string => (placed as Placed).row.type;
  return {
    schema,
    answer: (source, variableValues) =>
      graphql({ schema, source, variableValues, fieldResolver, typeResolver }),
  };

  function contextFor(field: ContextualField, above: Placed | undefined): unknown {
    const type = above?.row.type ?? 'Query';
    const source = field.sources.find(({ on }) => on === type);
    if (source !== undefined)
      return above === undefined
        ? (world.scalars.get(source.field) ?? null)
        : contextOf(graph, above.row, source);
    return above === undefined ? 'NOWHERE' : contextFor(field, above.above);
  }
}

/** A row as a question comes to it. */
interface Placed {
  readonly row: RandomRow;
  /** Undefined at the root. */
  readonly above: Placed | undefined;
}

function placeAll(reference: RowReference, above?: Placed) {
  const place = (row: RandomRow | null): Placed | null => row && { row, above };
  return isList(reference) ? reference.map(place) : place(reference);
}
