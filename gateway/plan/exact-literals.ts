import {
  getNamedType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
  type ValueNode,
} from 'graphql';
import { isExactDouble } from '../../wire/decimal-text.ts';

const largestDouble = String(Number.MAX_VALUE);

/**
 * Apollo's planner (2.14.4) writes the numbers of an operation anew as doubles: 9007199254740993 comes out as
 * 9007199254740992, and 1e400 not at all. So a number that no double has is written as a string where a scalar stands
 * that GraphQL does not define, and where a Float stands, as the nearest that there is. Scalars of many digits take
 * both; one that takes no string says so, which is better than to take another number.
 */
export function withExactLiterals(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const types = new TypeInfo(schema);
  const exact = (node: ValueNode & { readonly value: string }): ValueNode | undefined => {
    if (isExactDouble(node.value)) return undefined;
    const type = getNamedType(types.getInputType());
    if (isScalarType(type) && !isSpecifiedScalarType(type))
      return { kind: Kind.STRING, value: node.value };
    if (type?.name !== 'Float' || Number.isFinite(Number(node.value))) return undefined;
    const sign = node.value.startsWith('-') ? '-' : '';
    return { kind: Kind.FLOAT, value: `${sign}${largestDouble}` };
  };
  return visit(document, visitWithTypeInfo(types, { IntValue: exact, FloatValue: exact }));
}
