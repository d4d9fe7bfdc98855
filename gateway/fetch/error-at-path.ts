import { GraphQLError } from 'graphql';
import type { AnswerPath } from './answer-so-far.ts';
import type { SubgraphAnswer } from './guarded-source.ts';

type AnswerError = NonNullable<SubgraphAnswer['errors']>[number];

/** The same error at another place; one of our own keeps what it comes from. */
export function errorAtPath(error: GraphQLError, path: AnswerPath): GraphQLError;
export function errorAtPath(error: AnswerError, path: AnswerPath): AnswerError;
export function errorAtPath(error: AnswerError, path: AnswerPath): AnswerError {
  if (!(error instanceof GraphQLError)) return { ...error, path };
  const { message, extensions, originalError } = error;
  return new GraphQLError(message, {
    path,
    extensions,
    ...(originalError === undefined ? {} : { originalError }),
  });
}
