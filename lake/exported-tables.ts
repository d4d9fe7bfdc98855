import { createHash } from 'node:crypto';
import type { LakeModel } from '../mapping/model.ts';
import { projectionsOf } from '../mapping/projection.ts';
import { tableDefinitions } from '../mapping/tables.ts';
import { hubSchema } from './projection-sql.ts';

/** A table of the lake, and the name under which an export has it. */
export interface ExportedTable {
  readonly schema: string;
  /** In the export; a projection goes by its entity, since what stands behind its name in the lake is nobody's business. */
  readonly name: string;
  /** In the lake. */
  readonly table: string;
  /** In the export's folder. */
  readonly file: string;
}

/**
 * What of a lake is for other eyes: the rows of all domains, the wide tables, and the log of changes. What the
 * product keeps for itself, such as the secrets of subscribers, is not.
 */
export function exportedTables(model: LakeModel): readonly ExportedTable[] {
  const domains = tableDefinitions(model).map(({ schema, name }) => ({
    schema,
    name,
    table: name,
  }));
  const projections = [...projectionsOf(model).values()].map(({ entity, table }) => ({
    schema: hubSchema,
    name: entity.name,
    table,
  }));
  const log = ['change', 'change_value'].map((name) => ({ schema: 'ledger', name, table: name }));
  return [...domains, ...projections, ...log].map((table) => ({ ...table, file: fileOf(table) }));
}

function fileOf({ schema, name }: Pick<ExportedTable, 'schema' | 'name'>): string {
  return `${fileName(schema)}/${fileName(name)}.parquet`;
}

/** File systems hold up to 255 bytes, of which a table of any length keeps its beginning. */
const longestNameBytes = 180;

/** Nearly anything may be the name of a table, but not of a file. */
function fileName(name: string): string {
  const safe = name.replaceAll(/[/\\%:*?"<>|]|^\./g, encode);
  const bytes = Buffer.from(safe);
  if (bytes.length <= longestNameBytes) return safe;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 12);
  const beginning = bytes.subarray(0, longestNameBytes).toString().replaceAll('\ufffd', '');
  return `${beginning}-${digest}`;
}

function encode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
