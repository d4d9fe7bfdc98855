import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { TributaryError } from '../../foundation/errors/tributary-error.ts';

/** An error about the whole request, which comes with its status. */
export function asRefusal(error: TributaryError): GraphQLError {
  const { message, extensions, status, retryAfterSeconds } = error;
  const headers = new HeaderMap();
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds));
  const shown: Record<string, unknown> = { ...extensions, http: { status, headers } };
  return new GraphQLError(message, { extensions: shown });
}

/** The refusal that an error of the catalogue is; any other error as it is. */
export function refusalOf(error: unknown): unknown {
  return error instanceof TributaryError ? asRefusal(error) : error;
}
