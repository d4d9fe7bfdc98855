import { raise, type SourceLocation } from '../foundation/errors/tributary-error.ts';

/** How new a row is in its source: microseconds since 1970, or a counter; null where the source has neither. */
export const watermarkColumn = '_watermark';

/** The key that a row has in its source, where it is another: the entity was merged into this one. */
export const sourceKeyColumn = '_source_key';

/**
 * Checks the name of a table or a column that a mapping gives. Nearly every name will do, since identifiers are
 * quoted wherever they become SQL; what is refused is what DuckDB cannot hold or the product keeps for itself.
 */
export function checkLakeName(name: string, coordinate: string, at: SourceLocation): string {
  const problem = problemOf(name);
  if (problem !== undefined)
    throw raise('MAPPING_NAME_INVALID', { name, field: coordinate, problem }, { at });
  return name;
}

/** The spelling under which DuckDB compares names: it takes `Id` and `ID` for one, but `É` and `é` for two. */
export function foldCase(name: string): string {
  return name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether the product keeps a column of this name for itself. */
export function isInternalColumn(name: string): boolean {
  return problemOfInternal(name) !== undefined;
}

function problemOf(name: string): string | undefined {
  if (name.trim() === '') return 'it is empty';
  if (/[\p{Cc}\p{Cs}]/u.test(name))
    return 'it has a line break or another character that cannot be printed';
  if (name.length > 200) return 'it has more than 200 characters';
  return problemOfInternal(name);
}

function problemOfInternal(name: string): string | undefined {
  if (foldCase(name) === '_seq') return 'rows are numbered in a column of that name';
  if (foldCase(name) === watermarkColumn || foldCase(name) === sourceKeyColumn)
    return 'syncs keep what they know of a row in a column of that name';
  return undefined;
}
