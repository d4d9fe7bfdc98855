import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { raise, TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { AnswerPath } from './answer-so-far.ts';

/** What is wrong in the answer of a subgraph, as the caller may read it. */
export class SubgraphError extends Error {
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Where it stands in the answer to the caller. Not called `path`, which the gateway would make its own of. */
  readonly clientPath: AnswerPath | undefined;
  /** What the subgraph made null besides, and all below it: objects around that place, where no null may be. */
  readonly emptied: readonly AnswerPath[];

  constructor(
    { message, extensions }: PublicProblem,
    clientPath: AnswerPath | undefined,
    emptied: readonly AnswerPath[] = [],
  ) {
    super(message);
    this.emptied = emptied;
    this.name = 'SubgraphError';
    this.extensions = extensions;
    this.clientPath = clientPath;
  }
}

/** A problem as the caller reads it. */
export interface PublicProblem {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface Problem extends PublicProblem {
  /** What the log has to keep, since the caller is told less. */
  readonly hidden?: { readonly correlationId: string; readonly error: unknown } | undefined;
}

/** Reads an error that a subgraph put into its answer: one of ours has made an exception of it, others sent JSON. */
export function readAnswerError(
  subgraph: string,
  error: GraphQLError | GraphQLFormattedError,
): Problem {
  return error instanceof GraphQLError
    ? readOwnError(subgraph, error)
    : readForeignError(subgraph, error);
}

/** Reads what a fetch failed with as a whole. */
export function readFetchFailure(error: unknown): Problem {
  if (error instanceof TributaryError && error.isShownToClients) {
    return publish(error);
  }
  return hide(error, (correlationId) => raise('INTERNAL_SERVER_ERROR', { correlationId }));
}

function readOwnError(subgraph: string, error: GraphQLError): Problem {
  const original = rootCause(error);
  const problem = error.message;
  if (isNullError(original)) return publish(raise('VALUE_MISSING', { problem }));
  if (original instanceof TributaryError && original.isShownToClients) {
    return { message: problem, extensions: original.extensions };
  }
  if (!(original instanceof GraphQLError)) return readFetchFailure(original);
  const { extensions, path } = error;
  if (extensions['code'] !== undefined) return { message: problem, extensions };
  // Without a path it is the fetch that was refused, and what is wrong in a fetch is what the caller wrote into it.
  return publish(
    path === undefined
      ? raise('BAD_USER_INPUT', { problem })
      : raise('SUBGRAPH_REFUSED', { problem, subgraph }),
  );
}

/** The first error of a chain; GraphQL wraps what a resolver threw, and wraps it again for a variable. */
export function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError !== undefined) {
    cause = cause.originalError;
  }
  return cause;
}

/** graphql-js reports a forbidden null as a plain error; it tells the caller about the schema, not about us. */
export function isNullError(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Cannot return null for non-nullable');
}

/** Codes that servers give to what nobody meant for a reader, and to our asking what they do not know. */
const unmeantCodes: ReadonlySet<unknown> = new Set([
  undefined,
  'INTERNAL_SERVER_ERROR',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
]);

/** Members in which servers tell developers about their insides, and `http`, by which Apollo Server sets a status. */
const insides: ReadonlySet<string> = new Set([
  'stacktrace',
  'stackTrace',
  'stack',
  'exception',
  'originalError',
  'debugMessage',
  'trace',
  'file',
  'line',
  'http',
]);

/** A foreign server need not mask its exceptions; an error with a code is one that somebody wrote for readers. */
function readForeignError(
  subgraph: string,
  { message, extensions = {} }: GraphQLFormattedError,
): Problem {
  if (!unmeantCodes.has(extensions['code'])) {
    const shown = Object.entries(extensions).filter(([name]) => !insides.has(name));
    return { message, extensions: Object.fromEntries(shown) };
  }
  return hide({ message, extensions }, (correlationId) =>
    raise('SUBGRAPH_FAILED', { subgraph, correlationId }),
  );
}

function hide(error: unknown, mask: (correlationId: string) => TributaryError): Problem {
  const correlationId = randomUUID();
  const { message, extensions } = mask(correlationId);
  return {
    message,
    extensions: { ...extensions, correlationId },
    hidden: { correlationId, error },
  };
}

function publish({ message, extensions }: TributaryError): Problem {
  return { message, extensions: { ...extensions } };
}
