import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../../../foundation/errors/catalogue.ts';
import { TributaryError } from '../../../foundation/errors/tributary-error.ts';
import type { NarrowedFields } from '../../../registry/narrowed-fields.ts';
import { OutOfTime } from '../../../foundation/within-time.ts';

/** What the planner's process is told. */
export type PlannerMessage =
  | ({ readonly kind: 'supergraph' } & PlannerSupergraph)
  | ({ readonly kind: 'question' } & PlanQuestion);

export interface PlannerSupergraph {
  readonly supergraphSdl: string;
  readonly narrowed: NarrowedFields;
  /** After that a plan is given up. */
  readonly longestMs: number;
}

export interface PlanQuestion {
  /** As the gateway plans it: with all that is mended about it. */
  readonly document: string;
  readonly operationName: string | undefined;
  /** Those labels of `@override` that hold for it. */
  readonly labels: readonly string[];
}

export type PlanOutcome =
  /** The supergraph is loaded. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'planned'; readonly json: string }
  | { readonly kind: 'failed'; readonly failure: PlanFailure };

/** An error as plain data: between processes all but the message would be lost of one. */
type PlanFailure =
  | { readonly kind: 'out of time'; readonly timeoutMs: number }
  | {
      readonly kind: 'raised';
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint: string;
    }
  | {
      readonly kind: 'refused';
      readonly message: string;
      readonly extensions: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'unforeseen'; readonly message: string; readonly stack: string | undefined };

export function toFailure(error: unknown): PlanFailure {
  if (error instanceof OutOfTime) return { kind: 'out of time', timeoutMs: error.timeoutMs };
  if (error instanceof TributaryError) {
    const { code, message, hint } = error;
    return { kind: 'raised', code, message, hint };
  }
  if (error instanceof GraphQLError) {
    return { kind: 'refused', message: error.message, extensions: { ...error.extensions } };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'unforeseen', message, stack };
}

export function toError(failure: PlanFailure): unknown {
  switch (failure.kind) {
    case 'out of time':
      return new OutOfTime(failure.timeoutMs);
    case 'raised':
      return new TributaryError(failure.code, failure.message, failure.hint);
    case 'refused':
      return new GraphQLError(failure.message, { extensions: failure.extensions });
    case 'unforeseen':
      return Object.assign(new Error(failure.message), { stack: failure.stack });
  }
}
