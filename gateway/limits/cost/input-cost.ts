import {
  getNamedType,
  isInputObjectType,
  type FieldNode,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql';
import type { ArgumentReader } from './argument-value.ts';
import type { CostDirectives } from './cost-directives.ts';
import { sum, type Cost } from './expression.ts';

interface InputScope {
  readonly directives: CostDirectives;
  readonly argumentsOf: ArgumentReader;
}

/** What the arguments of a field cost by `@cost`; without it, nothing. A list costs what its items do. */
export function argumentsCost(
  coordinate: string,
  { args }: GraphQLField<unknown, unknown>,
  node: FieldNode,
  { directives: { weights }, argumentsOf }: InputScope,
): Cost {
  // Few graphs have weights, and no other needs to look.
  if (weights.size === 0) return 0;
  return sum(
    args.map(({ name, type, defaultValue }): Cost => {
      const weight = weights.get(`${coordinate}(${name}:)`) ?? typeWeight(type, weights);
      const hasInner = weighsInside(type, weights);
      if (weight === 0 && !hasInner) return 0;
      const costOf = (value: unknown): number =>
        valueCost(value === undefined ? defaultValue : value, type, weight, weights);
      const given = argumentsOf.read(node, [name]);
      switch (given.kind) {
        case 'absent':
          return costOf(undefined);
        case 'known':
          return costOf(given.value);
        case 'open':
          return (variables) => costOf(given.read(variables));
      }
    }),
  );
}

function valueCost(
  value: unknown,
  type: GraphQLInputType,
  weight: number,
  weights: CostDirectives['weights'],
): number {
  if (value === undefined || value === null) return 0;
  if (Array.isArray(value))
    return value.reduce((total: number, item) => total + valueCost(item, type, weight, weights), 0);
  const named = getNamedType(type);
  if (!isInputObjectType(named) || typeof value !== 'object') return weight;
  const fields = named.getFields();
  return Object.entries(value).reduce((total, [name, inner]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) return total;
    const own = weights.get(`${named.name}.${name}`) ?? typeWeight(field.type, weights);
    return total + valueCost(inner, field.type, own, weights);
  }, weight);
}

function typeWeight(type: GraphQLInputType, weights: CostDirectives['weights']): number {
  return weights.get(getNamedType(type).name) ?? 0;
}

/** Whether something within values of the type has a weight of its own. */
function weighsInside(type: GraphQLInputType, weights: CostDirectives['weights']): boolean {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return false;
  const seen = new Set<GraphQLInputObjectType>([named]);
  for (const input of seen) {
    for (const field of Object.values(input.getFields())) {
      const inner = getNamedType(field.type);
      if (weights.has(`${input.name}.${field.name}`) || weights.has(inner.name)) return true;
      if (isInputObjectType(inner)) seen.add(inner);
    }
  }
  return false;
}
