import { entities, type Entity, type EntityName, type Relation } from './catalog.ts';
import { compareValues, identityOf, type Value } from './value.ts';

/** What the evaluator reads: one object for each row of an entity, with the fields of all domains. */
export interface Row {
  readonly entity: Entity;
  readonly values: Readonly<Record<string, Value>>;
  /** Keys of the rows that relations to one lead to, by the relation's reference; some lead nowhere. */
  readonly references: Readonly<Record<string, readonly Value[] | null>>;
  /** Tells the rows of an entity apart. */
  readonly key: string;
}

/** All rows, in the order in which they came into the lake. */
export type Rows = Readonly<Record<EntityName, readonly Row[]>>;

export interface World {
  readonly rows: Rows;
  readonly one: (row: Row, relation: Relation) => Row | undefined;
  /** In the order of their key. */
  readonly many: (row: Row, relation: Relation) => readonly Row[];
}

export function worldOf(rows: Rows): World {
  const byKey = new Map<string, Row>();
  const byReference = new Map<string, Row[]>();
  for (const row of Object.values(rows).flat()) {
    byKey.set(`${row.entity.name} ${row.key}`, row);
    for (const [reference, key] of Object.entries(row.references)) {
      const place = `${reference} ${key === null ? '' : keyText(key)}`;
      byReference.set(place, [...(byReference.get(place) ?? []), row]);
    }
  }
  for (const related of byReference.values()) related.sort(compareKeys);
  return {
    rows,
    one(row, { target, reference }) {
      const key = row.references[reference];
      return key == null ? undefined : byKey.get(`${target} ${keyText(key)}`);
    },
    many: (row, { reference }) => byReference.get(`${reference} ${row.key}`) ?? [],
  };
}

/** The value of a field; missing where a row has none. */
export function fieldValue(row: Row | undefined, name: string): Value {
  return row?.values[name] ?? null;
}

/** A key as one text. */
export function keyText(key: readonly Value[]): string {
  return key.map(identityOf).join();
}

export function compareKeys(one: Row, other: Row): number {
  for (const name of one.entity.key) {
    const order = compareValues(fieldValue(one, name), fieldValue(other, name));
    if (order !== 0) return order;
  }
  return 0;
}

export function targetOf({ target }: Relation): Entity {
  return entities[target];
}
