import {
  Kind,
  print,
  separateOperations,
  type DocumentNode,
  type OperationDefinitionNode,
} from 'graphql';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';
import { variablesIn } from '../../hub/compile/variables-in.ts';
import { rootFields, selectionOf, type RootField } from './root-fields.ts';

/** One half of an operation: a document that has it alone. */
export interface OperationHalf {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** What an operation asks about the schema, and what it asks of the data. A half that asks for nothing is undefined. */
export interface SchemaAndData {
  readonly schema: OperationHalf | undefined;
  readonly data: OperationHalf | undefined;
  /** The text of the half that asks for data, where it is one. */
  readonly dataText: string | undefined;
  /** Those of the root, in the order of the answer. */
  readonly responseKeys: readonly string[];
}

/** Parts the fields of the root; a plain `__typename` stays with the data, or with the schema where there is no data. */
export function partSchemaAndData(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): SchemaAndData {
  const fragments = fragmentsOf(document);
  const all = rootFields(operation, fragments);
  const whole = { document, operation };
  const hasData = all.some(({ field }) => !field.name.value.startsWith('__'));
  const responseKeys = [...new Set(all.map(({ field }) => (field.alias ?? field.name).value))];
  if (!all.some(isOfSchema))
    return { schema: undefined, data: whole, dataText: undefined, responseKeys };
  if (!hasData) return { schema: whole, data: undefined, dataText: undefined, responseKeys };
  const data = half(all.filter((one) => !isOfSchema(one)));
  const schema = half(all.filter(isOfSchema));
  return { schema, data, dataText: print(data.document), responseKeys };

  function half(fields: readonly RootField[]): OperationHalf {
    const selections = fields.map(selectionOf);
    const part = { ...operation, selectionSet: { ...operation.selectionSet, selections } };
    const separate = separateOperations({
      ...document,
      definitions: [part, ...fragments.values()],
    });
    return withUsedVariables(separate[part.name?.value ?? ''] ?? document, part);
  }
}

/** The other half may use the others. */
function withUsedVariables(
  { definitions, ...document }: DocumentNode,
  { variableDefinitions: declared = [], ...part }: OperationDefinitionNode,
): OperationHalf {
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const used = variablesIn([part, ...fragments]);
  const operation = {
    ...part,
    variableDefinitions: declared.filter(({ variable }) => used.has(variable.name.value)),
  };
  return { document: { ...document, definitions: [operation, ...fragments] }, operation };
}

function isOfSchema({ field: { name } }: RootField): boolean {
  return name.value === '__schema' || name.value === '__type';
}
