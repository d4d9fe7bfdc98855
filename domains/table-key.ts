import type { KeyLookup } from '../lake/key-lookup.ts';
import type { MappedField } from '../mapping/model.ts';

/** A key by which rows of a table are found. */
export interface TableKey {
  readonly fields: readonly MappedField[];
  readonly lookup: KeyLookup;
  /**
   * The identity's table, with the primary key first in its rows; undefined for the identity itself, and for a key by
   * which only this domain knows the entity.
   */
  readonly identityCheck: KeyLookup | undefined;
}
