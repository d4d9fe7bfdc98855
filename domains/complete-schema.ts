import {
  defaultFieldResolver,
  getNamedType,
  isAbstractType,
  isObjectType,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import { completeScalars, decimalInForm } from '../wire/scalars.ts';
import type { SubgraphContext } from './subgraph-context.ts';

/** Gives an executable schema what neither the lake nor `resolvers.ts` says: scalars, and which type an object has. */
export function completeSchema(schema: GraphQLSchema, lakeBackedFields: ReadonlySet<string>): void {
  completeScalars(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type) && type.name !== '_Entity') completeAbstractType(type, schema);
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const isDecimal = getNamedType(field.type).name === 'Decimal';
      if (isDecimal && !lakeBackedFields.has(`${type.name}.${field.name}`)) writeInForm(field);
    }
  }
}

function completeAbstractType(type: GraphQLAbstractType, schema: GraphQLSchema): void {
  const possible = schema.getPossibleTypes(type).map(({ name }) => name);
  // The representation of an interface names the interface itself, and so no type that an object can have.
  type.resolveType ??= (value: unknown) => {
    const named =
      typeof value === 'object' && value !== null && '__typename' in value
        ? value.__typename
        : undefined;
    if (typeof named === 'string' && possible.includes(named)) return named;
    return possible.length === 1 ? possible[0] : undefined;
  };
}

/** A computed Decimal is whatever its resolver returns; the request says whether it wants a number or a string. */
function writeInForm(field: GraphQLField<unknown, SubgraphContext>): void {
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (parent, args, context, info) => {
    const value: unknown = resolve(parent, args, context, info);
    return value instanceof Promise
      ? value.then((settled: unknown) => convert(settled, context))
      : convert(value, context);
  };
}

function convert(value: unknown, context: SubgraphContext): unknown {
  return Array.isArray(value)
    ? value.map((item) => convert(item, context))
    : decimalInForm(value, context);
}
