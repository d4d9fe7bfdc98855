import {
  Kind,
  visit,
  type DocumentNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { raise } from '../../../foundation/errors/tributary-error.ts';
import { nullConditionProblem } from '../../../hub/compile/collect-fields.ts';
import { asRefusal } from '../../graph/as-refusal.ts';

/** Values of the variables that `@skip` and `@include` read. */
export type ConditionValues = Readonly<Record<string, boolean>>;

/**
 * The values in one request, defaults included; undefined when one of them is no boolean, which is for validation to
 * report. A variable with a default may be of a type that allows null, which a condition does not.
 *
 * @throws BAD_USER_INPUT
 */
export function conditionValues(
  names: readonly string[],
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): ConditionValues | undefined {
  // A client may call a variable `$__proto__`, which an ordinary object takes for its prototype.
  const values = Object.create(null) as Record<string, boolean>;
  for (const name of names) {
    const value = Object.hasOwn(variables, name) ? variables[name] : defaultOf(name, operation);
    if (value === null)
      throw asRefusal(raise('BAD_USER_INPUT', { problem: nullConditionProblem(name) }));
    if (typeof value !== 'boolean') return undefined;
    values[name] = value;
  }
  return values;
}

/** The operation without what its conditions exclude, and without conditions. Selection sets may be left empty. */
export function foldConditions(document: DocumentNode, values: ConditionValues): DocumentNode {
  return visit(document, {
    Field: { enter: fold },
    InlineFragment: { enter: fold },
    FragmentSpread: { enter: fold },
  });

  function fold<Node extends SelectionNode>(node: Node): Node | null | undefined {
    const conditions = node.directives?.filter(isCondition) ?? [];
    if (conditions.length === 0) return undefined;
    if (!conditions.every(holds)) return null;
    return { ...node, directives: node.directives?.filter((one) => !isCondition(one)) };
  }

  function holds({ name, arguments: given }: Directive): boolean {
    const condition = given?.[0]?.value;
    const value =
      condition?.kind === Kind.VARIABLE
        ? values[condition.name.value]
        : condition?.kind === Kind.BOOLEAN && condition.value;
    return value === (name.value === 'include');
  }
}

type Directive = NonNullable<SelectionNode['directives']>[number];

function isCondition({ name }: Directive): boolean {
  return name.value === 'skip' || name.value === 'include';
}

function defaultOf(name: string, operation: OperationDefinitionNode): boolean | undefined {
  const definition = operation.variableDefinitions?.find(
    ({ variable }) => variable.name.value === name,
  );
  const value = definition?.defaultValue;
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
}
