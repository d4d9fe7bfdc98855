import {
  isNonNullType,
  Kind,
  valueFromAST,
  visit,
  type FieldNode,
  type GraphQLField,
} from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
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
  const { type } = definition;
  if (value.kind === Kind.VARIABLE) {
    const place = isNonNullType(type) ? { argument, type: String(type) } : undefined;
    return { kind: 'variable', name: value.name.value, place };
  }
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
 * @throws BAD_USER_INPUT for a null where there has to be a value
 */
export function inputValue(
  input: InputForm,
  variables: Readonly<Record<string, unknown>>,
): unknown {
  switch (input.kind) {
    case 'constant':
      return input.value;
    case 'variable':
      return valueOfVariable(input, variables);
    case 'composite':
      return valueFromAST(input.node, input.type, variables);
  }
}

function valueOfVariable(
  { name, place }: InputForm & { readonly kind: 'variable' },
  variables: Readonly<Record<string, unknown>>,
): unknown {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value !== null || place === undefined) return value;
  const problem = `Argument "${place.argument}" of type "${place.type}" must not be null, and the variable "$${name}" is.`;
  throw raise('BAD_USER_INPUT', { problem });
}
