import {
  execute,
  parse,
  responsePathAsArray,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import {
  allEntities,
  relationsToMany,
  relationsToOne,
  type Entity,
  type Relation,
} from './catalog.ts';
import { figureOf, quantilesOf, type FigureName } from './figures.ts';
import { groupsOf, keyOfGroup, type Group } from './groups.ts';
import { matches, type Given } from './matches.ts';
import { pageOf, pieceOf, type Page } from './page.ts';
import { searchRows } from './search.ts';
import { sortRows, termsOf } from './sort.ts';
import { Refused, Undecided } from './undecided.ts';
import { fieldValue, targetOf, type Row, type World } from './world.ts';
import { writeValue, type DecimalForm } from './wire.ts';

export interface Question {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export type ErrorPath = readonly (string | number)[];

export interface Answer {
  readonly data: unknown;
  /** Where something could not be written. */
  readonly errorPaths: readonly ErrorPath[];
  /** Lists whose order the documents do not settle, as JSON of their path in the answer. */
  readonly unordered: ReadonlySet<string>;
}

interface AnswerOptions {
  readonly world: World;
  /** Says which arguments and types there are; its resolvers are not used. */
  readonly schema: GraphQLSchema;
  readonly decimals: DecimalForm;
  /** Rows of the cursors that the question holds, which somebody else made. */
  readonly cursors: ReadonlyMap<string, Row>;
}

/** What graphql-js calls for a field: with the arguments of the field, when it has any. */
type Resolve = (given: Given, context: unknown, info: GraphQLResolveInfo) => unknown;
type Resolvers = Readonly<Record<string, Resolve>>;

/** Answers a question from the rows; throws Refused or Undecided where there is no answer to compare with. */
export function answerOf(question: Question, options: AnswerOptions): Answer {
  const { world, schema, decimals, cursors } = options;
  const unordered = new Set<string>();
  const result = execute({
    schema,
    document: parse(question.query),
    variableValues: question.variables,
    rootValue: Object.assign({}, ...allEntities.map(rootFieldsOf)),
  });
  if (result instanceof Promise) throw new Error('Nothing here takes time');
  const { data, errors = [] } = result;
  for (const { originalError } of errors) {
    if (originalError instanceof Refused || originalError instanceof Undecided) throw originalError;
  }
  const unexpected = errors.find(({ originalError }) => !(originalError instanceof RangeError));
  if (unexpected !== undefined) throw unexpected.originalError ?? unexpected;
  return {
    data: JSON.parse(JSON.stringify(data)),
    errorPaths: errors.map(({ path }) => path ?? []),
    unordered,
  };

  function rootFieldsOf(entity: Entity): Resolvers {
    const rows = world.rows[entity.name];
    return {
      [entity.one]: (given) => {
        const found = rows.find((row) =>
          entity.key.every((name) => fieldValue(row, name) === given[name]),
        );
        return found === undefined ? null : rowFields(found);
      },
      [entity.many]: (given, _context, { path }) => {
        const { search, orderBy } = given;
        const found = search == null ? undefined : searchRows(entity, rows, search);
        const isSorted = termsOf(orderBy).length > 0;
        const all = found?.rows ?? rows;
        const order = (each: readonly Row[]): readonly Row[] =>
          isSorted ? sortRows(world, each, orderBy) : each;
        const page = cut(order(matchingOf(all, given)), () => order(all), given);
        if (found?.isRanked === false && !isSorted) {
          if (page.rows.length < page.totalCount) throw new Undecided('Any of them may come first');
          unordered.add(JSON.stringify(['data', ...responsePathAsArray(path)]));
        }
        return pageFields(page, found !== undefined);
      },
      [`${entity.many}Aggregate`]: (given) =>
        groupsOf(world, entity, matchingOf(rows, given), given).map(aggregateFields),
    };
  }

  function rowFields(row: Row): Resolvers {
    const { entity } = row;
    const fields = entity.fields.map((field): [string, Resolve] => [
      field.name,
      () => writeValue(field.kind, field.scale, fieldValue(row, field.name), decimals),
    ]);
    const toOne = relationsToOne(entity).map((relation): [string, Resolve] => [
      relation.name,
      ({ where }) => {
        const other = world.one(row, relation);
        return other !== undefined && matches(world, other, where) ? rowFields(other) : null;
      },
    ]);
    const toMany = relationsToMany(entity).map((relation) => manyFields(row, relation));
    return Object.assign(Object.fromEntries([...fields, ...toOne]), ...toMany);
  }

  function manyFields(row: Row, relation: Relation): Resolvers {
    const related = (): readonly Row[] => world.many(row, relation);
    const sorted = (rows: readonly Row[], { orderBy }: Given): readonly Row[] =>
      sortRows(world, rows, orderBy);
    const entity = targetOf(relation);
    return {
      [relation.name]: (given) =>
        pieceOf(sorted(matchingOf(related(), given), given), given).map(rowFields),
      [`${relation.name}Connection`]: (given) => {
        const everything = (): readonly Row[] => sorted(world.rows[entity.name], given);
        return pageFields(
          cut(sorted(matchingOf(related(), given), given), everything, given),
          false,
        );
      },
      [`${relation.name}Aggregate`]: (given) =>
        aggregateFields({ entity, rows: matchingOf(related(), given), keys: undefined }),
    };
  }

  function matchingOf(rows: readonly Row[], { where }: Given): readonly Row[] {
    return rows.filter((row) => matches(world, row, where));
  }

  function cut(matching: readonly Row[], everything: () => readonly Row[], given: Given): Page {
    return pageOf(matching, everything, given, (cursor) => cursors.get(cursor));
  }

  function pageFields(page: Page, isSearched: boolean): Resolvers {
    return {
      totalCount: () => page.totalCount,
      nodes: () => page.rows.map(rowFields),
      edges: () =>
        page.rows.map((row) => ({
          node: () => rowFields(row),
          cursor: row.key,
          // How well a row matches is a number of the hub's choice.
          rank: () => (isSearched ? 0 : null),
        })),
      pageInfo: () => ({
        hasNextPage: page.hasNext,
        hasPreviousPage: page.hasPrevious,
        startCursor: cursorOf(page.rows.at(0)),
        endCursor: cursorOf(page.rows.at(-1)),
      }),
    };
  }

  function aggregateFields(group: Group): Resolvers {
    const { entity, rows } = group;
    const figures = (name: FigureName): Resolve => {
      return () =>
        fieldsByPath(entity, [], (path) => () => {
          const { kind, scale, value } = figureOf(world, entity, rows, name, path);
          return writeValue(kind, scale, value, decimals);
        });
    };
    return {
      count: () => rows.length,
      countDistinct: figures('countDistinct'),
      sum: figures('sum'),
      avg: figures('avg'),
      median: figures('median'),
      stddev: figures('stddev'),
      min: figures('min'),
      max: figures('max'),
      quantiles: ({ at }) =>
        fieldsByPath(
          entity,
          [],
          (path) => () => quantilesOf(world, entity, rows, at as readonly number[], path),
        ),
      keys: () => (group.keys === undefined ? null : keyFields(group)),
    };
  }

  function keyFields(group: Group): Resolvers {
    return fieldsByPath(
      group.entity,
      [],
      (path, kind, scale) => () => writeValue(kind, scale, keyOfGroup(group, path), decimals),
    );
  }
}

/** Fields of an entity and, inside relations to one, those of its neighbours. */
function fieldsByPath(
  entity: Entity,
  path: readonly string[],
  resolveAt: (
    path: readonly string[],
    kind: Entity['fields'][number]['kind'],
    scale: number,
  ) => Resolve,
): Resolvers {
  const fields = entity.fields.map(({ name, kind, scale }): [string, Resolve] => [
    name,
    resolveAt([...path, name], kind, scale),
  ]);
  const relations = relationsToOne(entity).map((relation): [string, Resolve] => [
    relation.name,
    () => fieldsByPath(targetOf(relation), [...path, relation.name], resolveAt),
  ]);
  return Object.fromEntries([...fields, ...relations]);
}

function cursorOf(row: Row | undefined): string | null {
  return row === undefined ? null : row.key;
}
