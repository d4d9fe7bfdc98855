import { Kind, valueFromAST, visit, type FieldNode, type GraphQLField } from 'graphql';
import type { InputForm } from './intermediate-form.ts';

/** An argument of a field as a form: a constant, or what makes its value of the variables of a request. */
export function readInput(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  argument: string,
): InputForm {
  const definition = field.args.find(({ name }) => name === argument);
  if (definition === undefined) throw new Error(`${field.name} has no argument ${argument}`);
  const value = node.arguments?.find(({ name }) => name.value === argument)?.value;
  if (value === undefined) return { kind: 'constant', value: definition.defaultValue };
  if (value.kind === Kind.VARIABLE) return { kind: 'variable', name: value.name.value };
  const { type } = definition;
  let hasVariables = false;
  visit(value, { Variable: () => void (hasVariables = true) });
  return hasVariables
    ? { kind: 'composite', node: value, type }
    : { kind: 'constant', value: valueFromAST(value, type) };
}

/**
 * The value of a form in one request.
 *
 * @param variables as `getVariableValues` gives them, so that defaults stand for what is missing
 */
export function inputValue(
  input: InputForm,
  variables: Readonly<Record<string, unknown>>,
): unknown {
  switch (input.kind) {
    case 'constant':
      return input.value;
    case 'variable':
      return Object.hasOwn(variables, input.name) ? variables[input.name] : undefined;
    case 'composite':
      return valueFromAST(input.node, input.type, variables);
  }
}
