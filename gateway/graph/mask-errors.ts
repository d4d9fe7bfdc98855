import { randomUUID } from 'node:crypto';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { raise, TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';

/**
 * Apollo Server's `formatError`: an error that was meant for the caller is shown, anything that nobody foresaw is
 * logged whole under a correlation id, and the caller gets the id.
 */
export function maskErrors(
  log: Log,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const original = unwrapResolverError(error);
    if (isMeantForCallers(original, error)) return formatted;
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

/** GraphQL's own errors are for the caller, ours when the catalogue says so. */
function isMeantForCallers(original: unknown, error: unknown): boolean {
  if (original instanceof TributaryError) return original.isShownToClients;
  if (original instanceof GraphQLError) return true;
  // graphql-js reports a forbidden null as a plain error; it tells the caller about the schema, not about us.
  const isNull = original instanceof Error && original.message.startsWith('Cannot return null for');
  return isNull || (original === error && isFormatted(error));
}

/** Errors that a subgraph sent are plain objects by the time they come here. */
function isFormatted(error: unknown): boolean {
  return !(error instanceof Error);
}
