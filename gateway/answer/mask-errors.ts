import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { raise, TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import { mendingHint } from './mending-hints.ts';
import { isNullError, rootCause, SubgraphError } from '../fetch/subgraph-error.ts';

/**
 * Apollo Server's `formatError`: an error that was meant for the caller is shown, with how to mend it; anything that
 * nobody foresaw is logged whole under a correlation id, and the caller gets the id.
 */
export function maskErrors(
  log: Log,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const original = rootCause(error);
    if (original instanceof SubgraphError) return formatted;
    if (original instanceof TributaryError && original.isShownToClients) {
      return { ...formatted, extensions: { ...formatted.extensions, ...original.extensions } };
    }
    if (original instanceof GraphQLError) return explain(formatted);
    if (isNullError(original)) return explain(formatted, 'VALUE_MISSING');
    const correlationId = randomUUID();
    log.error({ err: original, correlationId, path: formatted.path }, 'request failed');
    const masked = raise('INTERNAL_SERVER_ERROR', { correlationId });
    return {
      message: masked.message,
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
      extensions: { ...masked.extensions, correlationId },
    };
  };
}

/** Codes that Apollo Server gives, and `VALUE_MISSING` for a null that graphql-js had to forbid. */
const explained = [
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'VALUE_MISSING',
] as const;

/** GraphQL's own messages say what and where; the catalogue adds how to mend it. */
export function explain(
  formatted: GraphQLFormattedError,
  code: unknown = formatted.extensions?.['code'],
): GraphQLFormattedError {
  const known = explained.find((candidate) => candidate === code);
  if (known === undefined) return formatted;
  const { extensions } = raise(known, { problem: formatted.message });
  const hint = mendingHint(formatted.message);
  return {
    ...formatted,
    extensions: { ...formatted.extensions, ...extensions, ...(hint === undefined ? {} : { hint }) },
  };
}
