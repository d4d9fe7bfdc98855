import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { Kind, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { conditionVariables, fragmentsOf } from '../../hub/compile/collect-fields.ts';
import type { AccessRule } from '../../registry/access-rules.ts';
import { conditionValues, foldConditions } from '../plan/operation/fold-conditions.ts';
import { GuardedSchema } from './guarded-schema.ts';
import { narrowOperation } from './narrow-operation.ts';
import { neededRequirements } from './needed-requirements.ts';
import type { Requirement } from './requirement.ts';
import { WithheldPlaces } from './withheld-places.ts';

/** An operation without what some callers may not read. */
export interface NarrowedForCaller {
  /** Whether nothing is withheld, since conditions leave out what would be. */
  readonly isWhole: boolean;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly places: WithheldPlaces;
  /** Tells what is narrowed in different ways apart. */
  readonly id: string;
}

/** What is known of operations of one graph, as long as these are. */
export class GuardedOperations {
  readonly #rules: ReadonlyMap<string, AccessRule>;
  #schema: GuardedSchema | undefined;
  /** Apollo Server keeps parsed documents, so that a known operation comes as the same object again. */
  readonly #known = new WeakMap<OperationDefinitionNode, GuardedOperation>();

  constructor(rules: ReadonlyMap<string, AccessRule>) {
    this.#rules = rules;
  }

  find({ document, operation, schema }: GatewayGraphQLRequestContext): GuardedOperation {
    const known = this.#known.get(operation);
    if (known !== undefined) return known;
    const found = new GuardedOperation(document, operation, this.#guarded(schema));
    this.#known.set(operation, found);
    return found;
  }

  /** A graph has one schema. */
  #guarded(schema: GraphQLSchema): GuardedSchema {
    return (this.#schema ??= new GuardedSchema(schema, this.#rules));
  }
}

/** Callers differ in few ways, but whoever asks decides the conditions. */
const maximumNarrowed = 64;

class GuardedOperation {
  /** What it asks of its caller, in an order that stays. */
  readonly needed: readonly Requirement[];
  readonly #document: DocumentNode;
  readonly #operation: OperationDefinitionNode;
  readonly #schema: GuardedSchema;
  readonly #conditions: readonly string[];
  #narrowed: LRUCache<string, NarrowedForCaller> | undefined;

  constructor(document: DocumentNode, operation: OperationDefinitionNode, schema: GuardedSchema) {
    this.needed = neededRequirements(document, operation, schema);
    this.#document = document;
    this.#operation = operation;
    this.#schema = schema;
    this.#conditions = conditionVariables(operation, fragmentsOf(document));
  }

  /**
   * The operation for callers who do not meet these. Its conditions are decided, since what they leave out needs no
   * error. Where they cannot be, everything is withheld as if they held, until somebody says what is wrong with them.
   */
  without(
    refused: readonly Requirement[],
    variables: Readonly<Record<string, unknown>>,
  ): NarrowedForCaller {
    const values = conditionValues(this.#conditions, this.#operation, variables);
    const outcome = values && this.#conditions.map((name) => (values[name] === true ? '1' : '0'));
    const id = `${refused.map((one) => one.id).join(',')} ${outcome?.join('') ?? '?'}`;
    this.#narrowed ??= new LRUCache({ max: maximumNarrowed });
    const known = this.#narrowed.get(id);
    if (known !== undefined) return known;
    const own = this.#ownDocument();
    const folded = values === undefined ? own : foldConditions(own, values);
    const operation = operationIn(folded) ?? this.#operation;
    const narrowed = narrowOperation(folded, operation, this.#schema, new Set(refused));
    const found: NarrowedForCaller = {
      isWhole: narrowed.withheld.size === 0,
      document: narrowed.document,
      operation: narrowed.operation,
      places: new WithheldPlaces(narrowed),
      id,
    };
    this.#narrowed.set(id, found);
    return found;
  }

  #ownDocument(): DocumentNode {
    const fragments = fragmentsOf(this.#document).values();
    return { kind: Kind.DOCUMENT, definitions: [this.#operation, ...fragments] };
  }
}

function operationIn({ definitions }: DocumentNode): OperationDefinitionNode | undefined {
  return definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
}
