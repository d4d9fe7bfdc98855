import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import type { OperationFacts, RequestFacts } from '../http/route.ts';
import type { FinishedResult } from './finish-answer.ts';
import type { RequestContext } from '../graph/request-context.ts';

const known = new WeakMap<OperationDefinitionNode, OperationFacts>();

/** The same object for the same operation, which known ones have one of. */
export function operationFacts(operation: OperationDefinitionNode): OperationFacts {
  const found = known.get(operation);
  if (found !== undefined) return found;
  const facts = { name: operation.name?.value, type: operation.operation };
  known.set(operation, facts);
  return facts;
}

/** Of an answer that is given again. */
export function keptFacts(operation: OperationDefinitionNode): RequestFacts {
  return { ...successes.kept, operation: operationFacts(operation) };
}

type Way = NonNullable<RequestFacts['way']>;

/** Made once, since most answers are like that. */
const successes: Readonly<Record<Way, RequestFacts>> = {
  kept: { way: 'kept', outcome: 'success' },
  known: { way: 'known', outcome: 'success' },
  whole: { way: 'whole', outcome: 'success' },
};

/** What is to be told of an answer beside the cost of its operation. */
export function answerFacts({ data, errors }: FinishedResult, way: Way): RequestFacts {
  if (errors === undefined || errors.length === 0) return successes[way];
  const outcome = data === undefined || data === null ? 'failure' : 'partial';
  return { way, outcome, errorCodes: [...new Set(errors.map(codeOf))] };
}

function codeOf({ extensions }: GraphQLFormattedError): string {
  return String(extensions?.['code']);
}

/** Notes what became of each operation that Apollo Server answers. To stand after what changes answers. */
export function noteAnswers(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse({ operation, contextValue, response: { body } }) {
          if (body.kind !== 'single') return Promise.resolve();
          contextValue.noteFacts?.({
            ...(operation !== undefined && { operation: operationFacts(operation) }),
            ...answerFacts(body.singleResult, 'whole'),
          });
          return Promise.resolve();
        },
      }),
  };
}
