import {
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  typeFromAST,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Variables } from './cost/expression.ts';

/**
 * How many fields have to be looked at to find out whether the values of variables fit: of each object all that its
 * type has, given or not, so that a list of many objects that ask for nothing is no small thing. The values need not
 * fit; what does not is for others to refuse. Counting ends beyond `most`.
 */
export type CountInputFields = (variables: Variables, most: number) => number;

/** Undefined where no variable of the operation has objects in it. */
export function compileInputFields(
  { variableDefinitions = [] }: OperationDefinitionNode,
  schema: GraphQLSchema,
): CountInputFields | undefined {
  const inputs = variableDefinitions.flatMap((definition): readonly Input[] => {
    const type = typeFromAST(schema, definition.type) as GraphQLInputType | undefined;
    if (type === undefined || !isInputObjectType(getNamedType(type))) return [];
    return [{ name: definition.variable.name.value, type }];
  });
  if (inputs.length === 0) return undefined;
  return (variables, most) => {
    let found = 0;
    for (const { name, type } of inputs) found += count(type, variables[name], most - found);
    return found;
  };
}

interface Input {
  readonly name: string;
  readonly type: GraphQLInputType;
}

function count(type: GraphQLInputType, variable: unknown, most: number): number {
  let found = 0;
  const pending: [GraphQLInputType, object][] = [];
  const look = (of: GraphQLInputType, value: unknown): void => {
    if (typeof value === 'object' && value !== null) pending.push([of, value]);
  };
  look(type, variable);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found > most) return found;
    const [wrapped, value] = next;
    const given = isNonNullType(wrapped) ? wrapped.ofType : wrapped;
    if (isListType(given)) {
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      for (const item of items) look(given.ofType, item);
    } else if (isInputObjectType(given)) {
      found += sizeOf(given);
      const fields = given.getFields();
      for (const [name, inner] of Object.entries(value)) {
        const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
        if (field !== undefined) look(field.type, inner);
      }
    }
  }
  return found;
}

const sizes = new WeakMap<GraphQLInputObjectType, number>();

function sizeOf(type: GraphQLInputObjectType): number {
  let size = sizes.get(type);
  if (size === undefined) {
    size = Object.keys(type.getFields()).length;
    sizes.set(type, size);
  }
  return size;
}
