import {
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  parse,
  print,
  validate,
  type GraphQLField,
  type GraphQLNamedOutputType,
  type GraphQLSchema,
} from 'graphql';
import { customerRevenue, type ExampleQuery } from './example-query.ts';

/** For a page that may not, or cannot, name anything of the graph. */
export const noExample: ExampleQuery = { query: '', variables: {} };

/**
 * A question that this graph can answer: "Customer revenue" where it has all of that, else one of its own.
 *
 * @param apiSchema what callers see
 * @param isPublic whether whoever opens a page may ask for the schema; names of the graph are not shown to others
 */
export function exampleFor(apiSchema: GraphQLSchema, isPublic: boolean): ExampleQuery {
  if (validate(apiSchema, parse(customerRevenue.query)).length === 0) return customerRevenue;
  return isPublic ? smallExample(apiSchema) : noExample;
}

/** The first field of the graph that can be asked as it is, with some figures and texts of what it gives. */
function smallExample(apiSchema: GraphQLSchema): ExampleQuery {
  const [field] = fieldsOf(apiSchema.getQueryType());
  if (field === undefined) return noExample;
  return {
    query: `${print(parse(`query Example { ${asked(field, maxDepth)} }`))}\n`,
    variables: {},
  };
}

type Field = GraphQLField<unknown, unknown>;

const maxFields = 5;
/** As deep as to the rows of a connection, by way of its edges, and to what these hold. */
const maxDepth = 4;
/** Fields that lead to the rows of a page, the shortest way first. */
const waysToRows = ['nodes', 'edges', 'node'];

/** Those that need no argument that we cannot give, and that are to stay. */
function fieldsOf(type: GraphQLNamedOutputType | undefined | null): readonly Field[] {
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).filter(
    ({ args, deprecationReason }) =>
      deprecationReason == null &&
      args.every((argument) => !isRequiredArgument(argument) || isPageSize(argument)),
  );
}

function isPageSize({ name, type }: Field['args'][number]): boolean {
  return name === 'first' && getNamedType(type).name === 'Int';
}

/** A selection set for a type; empty for one that has none. */
function selectionOf(type: GraphQLNamedOutputType, depth: number): string {
  if (isLeafType(type)) return '';
  const fields = fieldsOf(type);
  const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)));
  const rows = waysToRows
    .map((way) => fields.find(({ name }) => name === way))
    .find((field) => field !== undefined && !leaves.includes(field));
  const way = rows ?? (leaves.length === 0 ? fields[0] : undefined);
  if (way !== undefined && depth > 1) return `{ ${asked(way, depth - 1)} }`;
  if (leaves.length === 0) return '{ __typename }';
  return `{ ${leaves
    .slice(0, maxFields)
    .map((leaf) => asked(leaf, 0))
    .join(' ')} }`;
}

function asked(field: Field, depth: number): string {
  const pageSize = field.args.some(isPageSize) ? '(first: 10)' : '';
  return `${field.name}${pageSize} ${selectionOf(getNamedType(field.type), depth)}`;
}
