import {
  isInterfaceType,
  isUnionType,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import { raise } from '../foundation/errors/tributary-error.ts';
import type { SubgraphContext } from './subgraph-context.ts';

type Resolver = GraphQLFieldResolver<unknown, SubgraphContext>;

/**
 * Makes `_entities` answer for each representation alone: one that leads nowhere is an error in its own place, where
 * Apollo's resolver would give up on all of them.
 */
export function separateRepresentations(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()['_entities'];
  const resolveAll = field?.resolve as Resolver | undefined;
  if (field === undefined || resolveAll === undefined) return;
  field.resolve = (parent, { representations }: { representations: unknown[] }, context, info) =>
    representations.map((representation) => {
      try {
        checkType(representation, info);
        const found: unknown = resolveAll(
          parent,
          { representations: [representation] },
          context,
          info,
        );
        return Array.isArray(found) ? (found[0] as unknown) : null;
      } catch (error) {
        // An error among the items of a list is the error of its item.
        return error;
      }
    });
}

function checkType(representation: unknown, { schema }: GraphQLResolveInfo): void {
  const name =
    typeof representation === 'object' && representation !== null && '__typename' in representation
      ? representation.__typename
      : undefined;
  const type = typeof name === 'string' ? schema.getType(name) : undefined;
  const union = schema.getType('_Entity');
  const isEntity =
    type !== undefined && isUnionType(union) && union.getTypes().some((member) => member === type);
  if (isEntity || isInterfaceType(type)) return;
  const known = isUnionType(union) ? union.getTypes().map((member) => member.name) : [];
  const keys = `this subgraph resolves ${known.join(', ') || 'none'}`;
  throw raise('REPRESENTATION_INVALID', { type: String(name), keys });
}
