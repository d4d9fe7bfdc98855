import type { ApolloServerPlugin } from '@apollo/server';
import {
  OperationTypeNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { CacheMeter } from '../../foundation/metrics/cache-meter.ts';
import { operationId } from '../../hub/execute/operation-id.ts';
import type { RequestContext } from '../graph/request-context.ts';

/** An operation that was parsed, found valid and within its limits. */
export interface KnownOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Under which plans are kept. */
  readonly queryHash: string;
  readonly schema: GraphQLSchema;
  readonly uses: OperationUses;
  /** Of one of its requests; undefined where they are large. */
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

/** How often an operation was asked, whether its answers were kept or not. */
export interface OperationUses {
  count: number;
}

/** What is to be known of an operation to prepare it in another graph. */
export interface UsedOperation {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What is kept of an operation takes up to 30 times the memory of its text. */
const mostCharacters = 2_000_000;
const longestKept = 50_000;
/** What an operation takes beside its text. */
const charactersBeside = 500;
const longestVariables = 2_000;

/** Operations of one graph by their text and name; the least recently used ones make room. */
export class KnownOperations {
  readonly #meter: CacheMeter;
  readonly #operations = new LRUCache<string, KnownOperation>({
    maxSize: mostCharacters,
    maxEntrySize: longestKept,
    sizeCalculation: (_, id) => id.length + charactersBeside,
    dispose: (...gone) => this.#meter.dispose(...gone),
  });

  constructor(meter = new CacheMeter()) {
    this.#meter = meter;
    meter.follow(this.#operations);
  }

  find(query: string, operationName: string | undefined): KnownOperation | undefined {
    const id = operationId(query, operationName);
    if (id === undefined) return undefined;
    const found = this.#operations.get(id);
    if (found === undefined) {
      this.#meter.misses++;
      return undefined;
    }
    this.#meter.hits++;
    found.uses.count++;
    return found;
  }

  /** The most used first. */
  mostUsed(count: number): readonly UsedOperation[] {
    return [...this.#operations.entries()]
      .toSorted(([, a], [, b]) => b.uses.count - a.uses.count)
      .slice(0, count)
      .flatMap(([id, { variables }]) => {
        const end = id.indexOf('\n');
        const operationName = end === 0 ? undefined : id.slice(0, end);
        return variables === undefined
          ? []
          : { query: id.slice(end + 1), operationName, variables };
      });
  }

  remember(query: string, operationName: string | undefined, known: KnownOperation): void {
    const id = operationId(query, operationName);
    if (id !== undefined) this.#operations.set(id, known);
  }
}

/** Remembers the operations that Apollo Server is about to execute: all that it says of them is said by then. */
export function rememberOperations(
  operations: KnownOperations,
): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        executionDidStart({ request, source, document, operation, queryHash, schema }) {
          if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
            const { variables = {} } = request;
            const known = {
              document,
              operation,
              queryHash,
              schema,
              uses: { count: 1 },
              variables:
                JSON.stringify(variables).length > longestVariables ? undefined : variables,
            };
            operations.remember(source, request.operationName, known);
          }
          return Promise.resolve();
        },
      }),
  };
}
