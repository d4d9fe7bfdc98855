import { raise } from '../foundation/errors/tributary-error.ts';
import { toKeyValue } from '../wire/to-lake-value.ts';
import { compileWireWriter, type WireWriter } from '../wire/to-wire.ts';
import type { EntityRow } from './entity-row.ts';
import type { RowKey } from './key-lookup.ts';
import type { Row } from './request-loaders.ts';
import type { SubgraphContext } from './subgraph-context.ts';
import { compileKeyCheck, hasSameNames, type TableKey, type TypeTable } from './type-table.ts';

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
  /** The identity's table, for those of the domain's keys by which the identity is known too. */
  readonly #identityChecks = new Map<TableKey, TableKey>();
  readonly #primaryWriters: readonly (readonly [string, WireWriter])[];

  constructor(table: TypeTable, externalFields: readonly string[]) {
    this.table = table;
    this.#externalFields = externalFields;
    const { part, entity } = table;
    this.#primaryWriters = entity.keyFields.map(({ name, wireType }) => [
      name,
      compileWireWriter(wireType),
    ]);
    if (part === entity.identity) return;
    const identityKeys = [
      entity.keyFields.map(({ name }) => name),
      ...entity.identity.keys.map((key) => key.fields),
    ];
    for (const key of table.keys) {
      const names = identityKeys.find((candidate) => hasSameNames(candidate, key.fields));
      if (names === undefined) continue;
      const ownOrder = key.fields.map(({ name }) => name);
      this.#identityChecks.set(key, compileKeyCheck(entity.identity, entity, ownOrder));
    }
  }

  /** The entity, with defaults where the domain has no row for it; null when there is no such entity. */
  async find(given: GivenFields, context: SubgraphContext): Promise<EntityRow | null> {
    const key = this.#keyIn(given);
    const values = keyValues(key, given);
    if (values === undefined) return null;
    const [row] = await context.loaders.load(key.lookup, values);
    if (row !== undefined) return this.#create(row, {}, given, context);
    const check = this.#identityChecks.get(key);
    if (check === undefined) return null;
    const [identity] = await context.loaders.load(check.lookup, values);
    if (identity === undefined) return null;
    return this.#create(undefined, this.#knownFields(identity, context), given, context);
  }

  /** The primary key as the lake holds it, when it is among the given fields. */
  primaryKeyOf(given: GivenFields): RowKey | undefined {
    return keyValues(this.table.keys[0], given);
  }

  /** A row that was found by something else than a key of its own. */
  fromRow(row: Row, context: SubgraphContext): EntityRow {
    return this.#create(row, {}, {}, context);
  }

  #keyIn(given: GivenFields): TableKey {
    const { keys, part } = this.table;
    const key = keys.find(({ fields }) => fields.every(({ name }) => given[name] !== undefined));
    if (key !== undefined) return key;
    const known = keys.map(({ fields }) => fields.map(({ name }) => name).join(' ')).join('", "');
    throw raise('REFERENCE_WITHOUT_KEY', { type: part.name, keys: known });
  }

  /** The identity's key check reads the primary key first. */
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
