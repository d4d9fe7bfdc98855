import { TributaryError } from '../../foundation/errors/tributary-error.ts';

/** Why a remote subgraph gave no answer. */
export type FailureKind =
  /** No connection, or one that broke before an answer began. */
  | 'connection'
  /** No answer began in its time. */
  | 'silence'
  /** A certificate that does not hold, a redirect, an answer that broke off, one that is too large. */
  | 'lasting';

/** A request that came to nothing. What the caller is told is its error; `kind` is for the stages. */
export class RemoteFailure extends Error {
  readonly kind: FailureKind;
  readonly error: TributaryError;

  constructor(kind: FailureKind, error: TributaryError) {
    super(error.message, { cause: error });
    this.name = 'RemoteFailure';
    this.kind = kind;
    this.error = error;
  }
}

/** Whether the subgraph is to blame for an error: it failed, or had not answered when its time was up. */
export function isItsFault(error: unknown): boolean {
  if (error instanceof RemoteFailure) return true;
  return error instanceof TributaryError && error.code === 'SUBGRAPH_TIMEOUT';
}

/** Whether an answer says that the server behind it is not well. */
export function isUnavailable(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}
