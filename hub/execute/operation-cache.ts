import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from 'graphql';
import { conditionVariables, fragmentsOf } from '../compile/collect-fields.ts';
import type { CompiledOperation } from '../compile/compile-operation.ts';
import type { HubOperation } from '../compile/to-intermediate-form.ts';

/** What is kept of one operation: its parts, and a compiled form for each outcome of its conditions. */
interface CachedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly conditionNames: readonly string[];
  readonly compiled: Map<string, CompiledOperation>;
}

export interface PreparedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly compiled: CompiledOperation;
}

const maximumOutcomes = 64;

/** Compiled operations by their text; the least recently used one makes room for a new one. */
export class OperationCache {
  readonly #capacity: number;
  readonly #compile: (operation: HubOperation) => CompiledOperation;
  readonly #operations = new Map<string, CachedOperation>();

  constructor(capacity: number, compile: (operation: HubOperation) => CompiledOperation) {
    this.#capacity = capacity;
    this.#compile = compile;
  }

  /** @throws GraphQLError when the text is no document, or has no query of that name */
  prepare(
    text: string,
    operationName: string | undefined,
    variables: Readonly<Record<string, unknown>>,
  ): PreparedOperation {
    const cached = this.#find(text, operationName);
    const { document, operation, fragments, conditionNames } = cached;
    const conditions = Object.fromEntries(
      conditionNames.map((name) => [name, conditionValue(name, operation, variables)]),
    );
    const outcome = conditionNames.map((name) => (conditions[name] === true ? '1' : '0')).join('');
    const known = cached.compiled.get(outcome);
    if (known !== undefined) return { document, operation, compiled: known };
    const compiled = this.#compile({ operation, fragments, conditions });
    if (cached.compiled.size < maximumOutcomes) cached.compiled.set(outcome, compiled);
    return { document, operation, compiled };
  }

  #find(text: string, operationName: string | undefined): CachedOperation {
    const id = `${operationName ?? ''}\n${text}`;
    const known = this.#operations.get(id);
    const operation = known ?? readOperation(text, operationName);
    this.#operations.delete(id);
    this.#operations.set(id, operation);
    const [oldest] = this.#operations.keys();
    if (this.#operations.size > this.#capacity && oldest !== undefined)
      this.#operations.delete(oldest);
    return operation;
  }
}

function readOperation(text: string, operationName: string | undefined): CachedOperation {
  const document = parse(text, { noLocation: true });
  const operation = findOperation(document, operationName);
  const fragments = fragmentsOf(document);
  const conditionNames = conditionVariables(operation, fragments);
  return { document, operation, fragments, conditionNames, compiled: new Map() };
}

/** The same choice, with the same words, as in graphql-js. */
function findOperation(
  document: DocumentNode,
  operationName: string | undefined,
): OperationDefinitionNode {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const [operation, another] =
    operationName === undefined
      ? operations
      : operations.filter(({ name }) => name?.value === operationName);
  if (operation === undefined) {
    throw unresolved(
      operationName === undefined
        ? 'Must provide an operation.'
        : `Unknown operation named "${operationName}".`,
    );
  }
  if (another !== undefined)
    throw unresolved('Must provide operation name if query contains multiple operations.');
  if (operation.operation !== OperationTypeNode.QUERY)
    throw unresolved(`Schema is not configured to execute ${operation.operation} operation.`);
  return operation;
}

function unresolved(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}

function conditionValue(
  name: string,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  if (Object.hasOwn(variables, name)) return variables[name] === true;
  const definition = operation.variableDefinitions?.find(
    ({ variable }) => variable.name.value === name,
  );
  return definition?.defaultValue?.kind === Kind.BOOLEAN && definition.defaultValue.value;
}
