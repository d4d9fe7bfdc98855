import { raise, TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Rows } from '../../lake/engine.ts';
import type { Statement } from '../../lake/sql.ts';
import type { RunContext } from './run-context.ts';

/**
 * Runs a statement that makes figures.
 *
 * @param field the aggregate, for errors
 * @throws QUESTION_TOO_LARGE, FIGURE_TOO_LARGE, TIME_ZONE_UNKNOWN, and what a read throws
 */
export async function readGroups(
  statement: Statement,
  lane: 'point' | 'scan',
  field: string,
  { reader, rowsRead }: RunContext,
): Promise<Rows> {
  try {
    return await (lane === 'scan'
      ? rowsRead.scan(statement)
      : reader.read(statement.text, statement.values, lane));
  } catch (error) {
    throw explained(error, field);
  }
}

/** What only the lake finds out, but is for the caller to mend. */
function explained(error: unknown, field: string): unknown {
  if (!(error instanceof TributaryError) || error.code !== 'LAKE_QUERY_FAILED') return error;
  const reason = error.cause instanceof Error ? error.cause.message : '';
  const [, problem] = /^Out of Range Error: ([^\n]*)/.exec(reason) ?? [];
  if (problem !== undefined) return raise('FIGURE_TOO_LARGE', { field, problem }, { cause: error });
  // A zone that this Node knows already, and this DuckDB does not yet.
  const [, timeZone] = /Unknown TimeZone '([^']*)'/.exec(reason) ?? [];
  if (timeZone === undefined) return error;
  const advice = 'This one is too new for the lake.';
  return raise('TIME_ZONE_UNKNOWN', { field, timeZone, advice }, { cause: error });
}
