import {
  Kind,
  valueFromASTUntyped,
  type DirectiveNode,
  type FieldNode,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import type { Variables } from './expression.ts';

/** A value of a request: known from its text, or to be read of its variables. */
export type Given =
  | { readonly kind: 'absent' }
  | { readonly kind: 'known'; readonly value: unknown }
  | { readonly kind: 'open'; readonly read: (variables: Variables) => unknown };

/** Reads arguments of one operation; a variable that was not sent has its default value. */
export class ArgumentReader {
  readonly #defaults: ReadonlyMap<string, unknown>;

  constructor({ variableDefinitions = [] }: OperationDefinitionNode) {
    this.#defaults = new Map(
      variableDefinitions.map(({ variable, defaultValue }) => [
        variable.name.value,
        defaultValue && valueFromASTUntyped(defaultValue),
      ]),
    );
  }

  /** @param path the name of an argument, and names of fields within it */
  read(node: FieldNode | DirectiveNode, [name, ...path]: readonly string[]): Given {
    const argument = node.arguments?.find((given) => given.name.value === name);
    return argument === undefined ? { kind: 'absent' } : this.#readValue(argument.value, path);
  }

  #readValue(value: ValueNode, path: readonly string[]): Given {
    const [name, ...rest] = path;
    if (value.kind === Kind.VARIABLE) {
      const read = this.variable(value.name.value);
      return { kind: 'open', read: (variables) => path.reduce(memberOf, read(variables)) };
    }
    if (name === undefined) return this.#readWhole(value);
    if (value.kind !== Kind.OBJECT) return { kind: 'absent' };
    const field = value.fields.find((given) => given.name.value === name);
    return field === undefined ? { kind: 'absent' } : this.#readValue(field.value, rest);
  }

  #readWhole(value: ValueNode): Given {
    if (!hasVariables(value)) return { kind: 'known', value: valueFromASTUntyped(value) };
    return {
      kind: 'open',
      read: (variables) =>
        valueFromASTUntyped(value, { ...Object.fromEntries(this.#defaults), ...variables }),
    };
  }

  variable(name: string): (variables: Variables) => unknown {
    const otherwise = this.#defaults.get(name);
    return (variables) => {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      return value === undefined ? otherwise : value;
    };
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function hasVariables(value: ValueNode): boolean {
  const pending: ValueNode[] = [value];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === Kind.VARIABLE) return true;
    if (node.kind === Kind.LIST) pending.push(...node.values);
    if (node.kind === Kind.OBJECT) pending.push(...node.fields.map((field) => field.value));
  }
  return false;
}
