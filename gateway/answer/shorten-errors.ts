import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import { catalogue } from '../../foundation/errors/catalogue.ts';
import type { FinishedResult } from './finish-answer.ts';
import { withoutNearNames } from './near-names.ts';

/** Leaves of every error only what a program needs, where callers are to learn nothing else of the graph. */
export function shortenErrors(): ApolloServerPlugin {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse({ response: { body } }) {
          if (body.kind === 'single') shortenErrorsOf(body.singleResult);
          return Promise.resolve();
        },
      }),
  };
}

/** Changes the result itself. */
export function shortenErrorsOf(result: FinishedResult): void {
  if (result.errors !== undefined) result.errors = result.errors.map(shorten);
}

/** Messages end with it. */
function withoutAdvice(message: string): string {
  return withoutNearNames(message).replace(/ Needed: [^]*$/, '');
}

/**
 * Without advice, which names settings and owners; without names that were meant perhaps; and of what lies behind the
 * graph, nothing but the code.
 */
export function shorten({
  message,
  locations,
  path,
  extensions,
}: GraphQLFormattedError): GraphQLFormattedError {
  const code = String(extensions?.['code']);
  const isOurs = Object.hasOwn(catalogue, code) && !code.startsWith('SUBGRAPH_');
  const correlationId = extensions?.['correlationId'];
  return {
    message: isOurs ? withoutAdvice(message) : 'A part of the answer could not be had.',
    ...(locations !== undefined && { locations }),
    ...(path !== undefined && { path }),
    extensions: { code, ...(correlationId !== undefined && { correlationId }) },
  };
}
