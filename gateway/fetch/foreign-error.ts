import type { GraphQLFormattedError } from 'graphql';
import { isJsonObject } from '../../foundation/json-object.ts';

/** Reads an error of a result that another server made, whatever it sent. */
export function readForeignError(error: unknown): GraphQLFormattedError {
  const { message, path, extensions } = isJsonObject(error) ? error : {};
  return {
    message: typeof message === 'string' ? message : 'An error without a message.',
    ...(isPath(path) && { path }),
    ...(isJsonObject(extensions) && { extensions }),
  };
}

function isPath(value: unknown): value is (string | number)[] {
  return (
    Array.isArray(value) &&
    value.every((part) => typeof part === 'string' || typeof part === 'number')
  );
}
