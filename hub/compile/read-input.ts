import { Kind, valueFromASTUntyped, type FieldNode, type OperationDefinitionNode } from 'graphql';
import type { InputForm } from './intermediate-form.ts';

/** An argument of a field as a form: a constant, or the name of the variable that brings it. */
export function readInput(
  field: FieldNode,
  argument: string,
  operation: OperationDefinitionNode,
): InputForm {
  const value = field.arguments?.find(({ name }) => name.value === argument)?.value;
  if (value === undefined) return { kind: 'constant', value: undefined };
  if (value.kind !== Kind.VARIABLE) return { kind: 'constant', value: valueFromASTUntyped(value) };
  const name = value.name.value;
  const definition = operation.variableDefinitions?.find(
    ({ variable }) => variable.name.value === name,
  );
  const defaultValue = definition?.defaultValue && valueFromASTUntyped(definition.defaultValue);
  return { kind: 'variable', name, defaultValue };
}

/** The value of a form in one request. */
export function inputValue(
  input: InputForm,
  variables: Readonly<Record<string, unknown>>,
): unknown {
  if (input.kind === 'constant') return input.value;
  return Object.hasOwn(variables, input.name) ? variables[input.name] : input.defaultValue;
}
