import { randomUUID } from 'node:crypto';
import type { QueryPlan } from '@apollo/query-planner';
import {
  getNamedType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type EnumValueNode,
  type GraphQLSchema,
  type ValueNode,
} from 'graphql';
import { isExactDouble } from '../../../wire/decimal-text.ts';
import { fetchesOf } from '../steps/plan-step.ts';

type TextNode = ValueNode & { readonly value: string };

const largestDouble = String(Number.MAX_VALUE);

/** Begins a string that stands for a literal while Apollo's planner has it. Nobody can guess it. */
const mark = randomUUID();

/**
 * Apollo's planner (2.14.4) writes the numbers of an operation anew as doubles: 9007199254740993 comes out as
 * 9007199254740992, and 1e400 not at all. So a number that no double has is written as a string where a scalar stands
 * that GraphQL does not define, and where a Float stands, as the nearest that there is. Scalars of many digits take
 * both; one that takes no string says so, which is better than to take another number.
 *
 * Within an object of such a scalar, `filter: { above: 9007199254740993 }`, a string is another value than a number. What
 * is lost there, and the name of an enum's value, which the planner makes a string, is hidden from it until it has made
 * its plan: see `literalsAsWritten`.
 */
export function withExactLiterals(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const types = new TypeInfo(schema);
  const exact = (node: TextNode): ValueNode | undefined => {
    const type = getNamedType(types.getInputType());
    // Only what is in such an object has no type.
    if (type === undefined) return isLost(node.value) ? hidden(node) : undefined;
    if (isExactDouble(node.value)) return undefined;
    if (isScalarType(type) && !isSpecifiedScalarType(type))
      return { kind: Kind.STRING, value: node.value };
    if (type.name !== 'Float' || Number.isFinite(Number(node.value))) return undefined;
    const sign = node.value.startsWith('-') ? '-' : '';
    return { kind: Kind.FLOAT, value: `${sign}${largestDouble}` };
  };
  const named = (node: EnumValueNode): ValueNode | undefined => {
    const type = getNamedType(types.getInputType());
    return type === undefined || isScalarType(type) ? hidden(node) : undefined;
  };
  return visit(
    document,
    visitWithTypeInfo(types, { IntValue: exact, FloatValue: exact, EnumValue: named }),
  );
}

/** Changes a plan before it runs for the first time: the subgraphs get hidden literals as the client wrote them. */
export function literalsAsWritten(): (plan: QueryPlan) => void {
  const done = new WeakSet<QueryPlan>();
  const literal = new RegExp(`"${mark} ([^"]*)"`, 'g');
  return (plan) => {
    if (done.has(plan)) return;
    done.add(plan);
    for (const fetch of fetchesOf(plan.node)) {
      if (!fetch.operation.includes(mark)) continue;
      Object.assign(fetch, { operation: fetch.operation.replaceAll(literal, '$1') });
    }
  };
}

function hidden({ value }: TextNode): ValueNode {
  return { kind: Kind.STRING, value: `${mark} ${value}` };
}

function isLost(number: string): boolean {
  return !isExactDouble(number) || Object.is(Number(number), -0);
}
