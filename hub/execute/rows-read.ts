import { raise } from '../../foundation/errors/tributary-error.ts';
import type { HubLimits } from '../limits.ts';
import type { HubReader } from './hub-reader.ts';

/**
 * Refuses a scan of tables that have more rows together than one question may read. A table that is read twice counts
 * twice. What a filter would leave out counts too: it has to be looked at.
 *
 * @param tables names of projections, each time that the statement reads one
 * @throws QUESTION_TOO_LARGE
 */
export async function checkRowsRead(
  tables: readonly string[],
  reader: Pick<HubReader, 'tableSizes'>,
  { rowsRead: limit }: Pick<HubLimits, 'rowsRead'>,
): Promise<void> {
  const sizes = await reader.tableSizes();
  const rows = tables.reduce((sum, table) => sum + (sizes.get(`hub.${table}`) ?? 0), 0);
  if (rows > limit) throw raise('QUESTION_TOO_LARGE', { rows, limit });
}
