import type { LakeValue } from '../lake/sql.ts';
import type { OwnedField } from '../mapping/model.ts';
import type { PartsRead } from '../mapping/parts-read.ts';
import type { WireOptions, WireWriter } from '../wire/to-wire.ts';
import type { Row } from './request-loaders.ts';

/** A mapped field, ready to be read from a row. */
export interface RowField {
  readonly name: string;
  readonly position: number;
  readonly write: WireWriter;
  readonly defaultValue: LakeValue;
  /** Whose field it is; a key is the identity's, whatever table it was read of. */
  readonly origin: OwnedField;
}

interface RowSource {
  /** Undefined when the entity exists and the domain has no row for it. */
  readonly row: Row | undefined;
  /** Fields that are known without a row: its key, in JSON form. */
  readonly known: Readonly<Record<string, unknown>>;
  /** Fields of other domains that came with the representation, because a computed field `@requires` them. */
  readonly external: Readonly<Record<string, unknown>>;
  readonly options: WireOptions & { readonly partsRead: PartsRead | undefined };
}

/**
 * An entity as resolvers see it: its domain's fields in JSON form, each converted when it is read, so that a value
 * that cannot be written spoils no other field.
 */
export class EntityRow {
  readonly #source: RowSource;

  constructor(source: RowSource) {
    this.#source = source;
    // Only own properties: a representation must not reach the accessors of the prototype.
    for (const [name, value] of Object.entries(source.external)) {
      Object.defineProperty(this, name, { value, enumerable: true });
    }
  }

  /** The field in JSON form, or its default where there is no row. These are static since any name may be a field's. */
  static read(entity: EntityRow, field: RowField): unknown {
    const { row, known, options } = entity.#source;
    options.partsRead?.addField(field.origin);
    if (row !== undefined) {
      return field.write(row.rows.columns[field.position]?.[row.index], options);
    }
    if (Object.hasOwn(known, field.name)) return known[field.name];
    return field.write(field.defaultValue, options);
  }

  /** Values of columns as the lake holds them; undefined without a row, or when one of them is null. */
  static readColumns(
    entity: EntityRow,
    positions: readonly number[],
  ): readonly LakeValue[] | undefined {
    const { row } = entity.#source;
    if (row === undefined) return undefined;
    const values = positions.map((position) => row.rows.columns[position]?.[row.index] ?? null);
    return values.includes(null) ? undefined : values;
  }
}

export type EntityRowFactory = (source: RowSource) => EntityRow;

/** Makes the rows of one type, with an accessor for each of its fields. */
export function compileEntityRow(typeName: string, fields: Iterable<RowField>): EntityRowFactory {
  class TypedRow extends EntityRow {}
  Object.defineProperty(TypedRow.prototype, '__typename', { value: typeName });
  for (const field of fields) {
    Object.defineProperty(TypedRow.prototype, field.name, {
      get(this: EntityRow) {
        return EntityRow.read(this, field);
      },
      enumerable: true,
    });
  }
  return (source) => new TypedRow(source);
}
