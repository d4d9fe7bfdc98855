import type { GraphQLFormattedError } from 'graphql';

export type FormatError = (
  formatted: GraphQLFormattedError,
  error: unknown,
) => GraphQLFormattedError;

/** A message without what was meant perhaps, or the list of what there is; both end a message. */
export function withoutNearNames(message: string): string {
  return message.replace(/ ?(Did you mean|Known:) [^]*$/, '');
}

/**
 * Near names are names of the schema: who may not read it is not told them, whatever an error is about. Apollo Server
 * leaves them out of what validation says, and nowhere else.
 */
export function hidingNearNames(format: FormatError): FormatError {
  return (formatted, error) => {
    const shown = format(formatted, error);
    return { ...shown, message: withoutNearNames(shown.message) };
  };
}
