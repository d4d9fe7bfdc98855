import type { ApolloServerPlugin } from '@apollo/server';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import type { AnswerPath } from '../fetch/answer-so-far.ts';
import { explain } from './mask-errors.ts';
import type { RequestContext } from '../graph/request-context.ts';

/** The result of an operation as Apollo Server is about to write it. */
export type FinishedResult = {
  -readonly [Member in keyof FormattedExecutionResult]: FormattedExecutionResult[Member];
};

/** Sees to it that every null that is none of the data's has its error, and that every error has its place. */
export function finishAnswers(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse: ({ response: { body } }) => {
          if (body.kind === 'single') finishAnswer(body.singleResult);
          return Promise.resolve();
        },
      }),
  };
}

/** Changes the result itself. */
export function finishAnswer(result: FinishedResult): FinishedResult {
  publishValueCompletion(result);
  const { errors, data } = result;
  if (errors !== undefined && data !== undefined && data !== null)
    result.errors = withoutRepetition(errors.map((error) => cutToData(error, data)));
  return result;
}

/**
 * Nulls where the schema allows none, and values of the wrong type: the gateway reports them beside the answer, where
 * no client looks.
 */
function publishValueCompletion(result: FinishedResult): void {
  const { valueCompletion, ...extensions } = result.extensions ?? {};
  if (!Array.isArray(valueCompletion)) return;
  const told = result.errors ?? [];
  const found = valueCompletion
    .filter(({ path }: GraphQLFormattedError) => !isExplained(path, told))
    .map(({ message, path }: GraphQLFormattedError) =>
      explain({ message, ...(path === undefined ? {} : { path }) }, 'VALUE_MISSING'),
    );
  if (found.length > 0) result.errors = [...told, ...found];
  if (Object.keys(extensions).length > 0) result.extensions = extensions;
  else delete result.extensions;
}

/** Whether another error is of the same place, of one around it or within it; one without a place may be of any. */
function isExplained(path: AnswerPath = [], errors: readonly GraphQLFormattedError[]): boolean {
  return errors.some(({ path: other = [] }) =>
    path.slice(0, other.length).every((part, index) => part === other[index]),
  );
}

/** A fetch also asks for fields that only other fetches need; an error there is one of the object that holds them. */
function cutToData(error: GraphQLFormattedError, data: unknown): GraphQLFormattedError {
  const { path, ...rest } = error;
  if (path === undefined) return error;
  const cut = path.slice(0, knownLength(path, data));
  return cut.length === 0 ? rest : { ...rest, path: cut };
}

function knownLength(path: AnswerPath, data: unknown): number {
  let value = data;
  for (const [index, part] of path.entries()) {
    // Below a null the path says which value made it null.
    if (typeof value !== 'object' || value === null) return path.length;
    if (!Object.hasOwn(value, part)) return index;
    value = (value as Readonly<Record<string | number, unknown>>)[part];
  }
  return path.length;
}

function withoutRepetition(
  errors: readonly GraphQLFormattedError[],
): readonly GraphQLFormattedError[] {
  if (errors.length < 2) return errors;
  const bySubstance = new Map<string, GraphQLFormattedError>();
  for (const error of errors) {
    const substance = JSON.stringify([error.message, error.path, error.extensions]);
    if (!bySubstance.has(substance)) bySubstance.set(substance, error);
  }
  return [...bySubstance.values()];
}
