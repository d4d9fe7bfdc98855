import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from 'graphql';
import { CacheMeter } from '../../foundation/metrics/cache-meter.ts';
import {
  conditionVariables,
  fragmentsOf,
  nullConditionProblem,
} from '../compile/collect-fields.ts';
import type { CompiledOperation } from '../compile/compile-operation.ts';
import type { HubOperation } from '../compile/to-intermediate-form.ts';
import { operationId } from './operation-id.ts';

/** What is kept of one operation: its parts, and a compiled form for each outcome of its conditions. */
interface CachedOperation {
  readonly text: string;
  /** False for one that is too long to be kept. */
  readonly isKept: boolean;
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

interface OperationCacheOptions {
  readonly capacity: number;
  /** Throws a GraphQLError for a document that must not be run. */
  readonly check: (document: DocumentNode) => void;
  readonly compile: (operation: HubOperation) => CompiledOperation;
  readonly meter?: CacheMeter | undefined;
}

const maximumOutcomes = 64;

/** What is kept of an operation takes up to 30 times the memory of its text. */
const mostCharacters = 2_000_000;
const longestKept = 50_000;

/** Compiled operations by their text; the least recently used one makes room for a new one. */
export class OperationCache {
  readonly #options: OperationCacheOptions;
  readonly #operations = new Map<string, CachedOperation>();
  readonly #meter: CacheMeter;
  #characters = 0;

  constructor(options: OperationCacheOptions) {
    this.#options = options;
    this.#meter = options.meter ?? new CacheMeter();
    const characters = (): number => this.#characters;
    const operations = this.#operations;
    this.#meter.follow({
      get size() {
        return operations.size;
      },
      get calculatedSize() {
        return characters();
      },
    });
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
    if (known !== undefined) {
      this.#meter.hits++;
      return { document, operation, compiled: known };
    }
    this.#meter.misses++;
    const compiled = this.#options.compile({ operation, fragments, conditions });
    if (cached.compiled.size < maximumOutcomes && cached.isKept) {
      cached.compiled.set(outcome, compiled);
      this.#characters += text.length;
      this.#makeRoom();
    }
    return { document, operation, compiled };
  }

  #find(text: string, operationName: string | undefined): CachedOperation {
    const id = operationId(text, operationName);
    if (id === undefined) return this.#read(text, operationName);
    const known = this.#operations.get(id);
    const operation = known ?? this.#read(text, operationName);
    if (!operation.isKept) return operation;
    this.#operations.delete(id);
    this.#operations.set(id, operation);
    this.#makeRoom();
    return operation;
  }

  /** The least recently used go first; a compiled form counts as its text once more. */
  #makeRoom(): void {
    for (const [id, { text, compiled }] of this.#operations) {
      const isFull = this.#operations.size > this.#options.capacity;
      if (!isFull && this.#characters <= mostCharacters) return;
      this.#operations.delete(id);
      this.#meter.evictions++;
      this.#characters -= text.length * compiled.size;
    }
  }

  #read(text: string, operationName: string | undefined): CachedOperation {
    const document = parse(text, { noLocation: true });
    const operation = findOperation(document, operationName);
    this.#options.check(document);
    const fragments = fragmentsOf(document);
    const conditionNames = conditionVariables(operation, fragments);
    const isKept = text.length <= longestKept;
    return { text, isKept, document, operation, fragments, conditionNames, compiled: new Map() };
  }
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
  if (Object.hasOwn(variables, name)) {
    const value = variables[name];
    if (value !== null) return value === true;
    throw new GraphQLError(nullConditionProblem(name), { extensions: { code: 'BAD_USER_INPUT' } });
  }
  const definition = operation.variableDefinitions?.find(
    ({ variable }) => variable.name.value === name,
  );
  return definition?.defaultValue?.kind === Kind.BOOLEAN && definition.defaultValue.value;
}
