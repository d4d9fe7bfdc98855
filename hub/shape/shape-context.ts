import { GraphQLError } from 'graphql';
import { TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { WireOptions } from '../../wire/to-wire.ts';
import type { RowBudget } from '../execute/row-budget.ts';
import { pathToArray, type Path } from './path.ts';

/** What the shaping of one answer carries along: how values are written, and the errors found on the way. */
export interface ShapeContext {
  readonly wire: WireOptions;
  readonly errors: GraphQLError[];
  /** Objects made of rows. Rows that are reached in several ways are fetched once, and make as many objects. */
  readonly objects: RowBudget;
}

/** As many tell a caller what is wrong; what fails in one row often does in every row. */
const mostErrors = 1_000;

export function reportError(context: ShapeContext, error: unknown, path: Path): void {
  if (context.errors.length >= mostErrors) return;
  if (error instanceof GraphQLError) {
    // An argument that GraphQL itself refuses.
    const extensions = { code: 'BAD_USER_INPUT', ...error.extensions };
    context.errors.push(new GraphQLError(error.message, { path: pathToArray(path), extensions }));
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  const extensions =
    error instanceof TributaryError ? { extensions: { code: error.code, hint: error.hint } } : {};
  const originalError = error instanceof Error ? { originalError: error } : {};
  context.errors.push(
    new GraphQLError(message, { path: pathToArray(path), ...extensions, ...originalError }),
  );
}

/** GraphQL's own words for a null where none may be (specification, 6.4.4). */
export function reportNull(
  context: ShapeContext,
  typeName: string,
  field: string,
  path: Path,
): void {
  reportError(
    context,
    new Error(`Cannot return null for non-nullable field ${typeName}.${field}.`),
    path,
  );
}
