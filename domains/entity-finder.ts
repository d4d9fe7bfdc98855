import { raise } from '../foundation/errors/tributary-error.ts';
import { leadKey } from '../wire/lead-key.ts';
import { toKeyValue } from '../wire/to-lake-value.ts';
import { compileWireWriter, type WireWriter } from '../wire/to-wire.ts';
import type { EntityRow } from './entity-row.ts';
import type { RowKey } from '../lake/key-lookup.ts';
import type { TableKey } from './table-key.ts';
import type { Row } from './request-loaders.ts';
import type { SubgraphContext } from './subgraph-context.ts';
import type { TypeTable } from './type-table.ts';

/** Fields of an entity by name, among them one of its keys: a representation, a reference, or a look-up's arguments. */
export type GivenFields = Readonly<Record<string, unknown>>;

/**
 * Finds entities of one type by any of their keys.
 *
 * An entity exists when its identity does. A domain's row stands for both; where the domain has none, the identity's
 * table is asked, once for all such keys of the request.
 */
export class EntityFinder {
  readonly table: TypeTable;
  readonly #externalFields: readonly string[];
  readonly #primaryWriters: readonly (readonly [string, WireWriter])[];

  constructor(table: TypeTable, externalFields: readonly string[]) {
    this.table = table;
    this.#externalFields = externalFields;
    this.#primaryWriters = table.entity.keyFields.map(({ name, wireType }) => [
      name,
      compileWireWriter(wireType),
    ]);
  }

  /** The entity, with defaults where the domain has no row for it; null when there is no such entity. */
  async find(given: GivenFields, context: SubgraphContext): Promise<EntityRow | null> {
    const key = this.#keyIn(given);
    const asked = keyValues(key, given);
    if (asked === undefined) return null;
    this.#note(key, context);
    const values = this.#lead(key, asked, context);
    const found = await context.loaders.loadEntity(key, values);
    switch (found.kind) {
      case 'row':
        return this.#create(found.row, {}, given, context);
      case 'identityOnly':
        return this.#create(undefined, this.#knownFields(found.row, context), given, context);
      case 'none':
        return null;
    }
  }

  /** The primary key as the lake holds it, when it is among the given fields. */
  primaryKeyOf(given: GivenFields, context: SubgraphContext): RowKey | undefined {
    const [primary] = this.table.keys;
    const key = keyValues(primary, given);
    return key && this.#lead(primary, key, context);
  }

  /** A row that was found by something else than a key of its own. */
  fromRow(row: Row, context: SubgraphContext): EntityRow {
    return this.#create(row, {}, {}, context);
  }

  /** An answer depends on whether the entity exists, and on what it was found by. */
  #note({ fields }: TableKey, { partsRead }: SubgraphContext): void {
    if (partsRead === undefined) return;
    partsRead.addEntity(this.table.entity);
    for (const { name } of fields) {
      const field = this.table.fields.get(name);
      if (field !== undefined) partsRead.addField(field.origin);
    }
  }

  /** The id of an entity that was merged into another leads to that one. */
  #lead(key: TableKey, values: RowKey, { redirects }: SubgraphContext): RowKey {
    if (key !== this.table.keys[0]) return values;
    const types = key.fields.map(({ sqlType }) => sqlType);
    return leadKey(redirects, this.table.entity.name, values, types);
  }

  #keyIn(given: GivenFields): TableKey {
    const { keys, part } = this.table;
    const key = keys.find(({ fields }) => fields.every(({ name }) => given[name] !== undefined));
    if (key !== undefined) return key;
    const known = keys.map(({ fields }) => fields.map(({ name }) => name).join(' ')).join('", "');
    throw raise('REFERENCE_WITHOUT_KEY', { type: part.name, keys: known });
  }

  /** Of a row of the identity's table, which begins with the primary key. */
  #knownFields({ rows, index }: Row, context: SubgraphContext): GivenFields {
    return Object.fromEntries(
      this.#primaryWriters.map(([name, write], position) => [
        name,
        write(rows.columns[position]?.[index], context),
      ]),
    );
  }

  #create(
    row: Row | undefined,
    known: GivenFields,
    given: GivenFields,
    options: SubgraphContext,
  ): EntityRow {
    const external = Object.fromEntries(
      this.#externalFields.map((name) => [name, given[name] ?? null]),
    );
    return this.table.createRow({ row, known, external, options });
  }
}

/** Undefined when a value can be equal to none in the lake, so that there is nothing to look for. */
function keyValues({ fields }: TableKey, given: GivenFields): RowKey | undefined {
  const values: RowKey[number][] = [];
  for (const { name, sqlType } of fields) {
    const value = toKeyValue(given[name], sqlType);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}
