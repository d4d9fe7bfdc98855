import pluralize from 'pluralize';
import type { WireType } from '../../mapping/model.ts';

/** `_hub` sorts before every name that a domain may have: planners break ties by name, and the hub has to win them. */
export const hubName = '_hub';

/** The names in the graph that the hub derives from an entity's name. */
export interface EntityNames {
  readonly entity: string;
  /** Root field for one by key: `customer`. */
  readonly one: string;
  /** Root field for a list: `customers`. */
  readonly many: string;
  /** Root field for figures of groups: `customersAggregate`. */
  readonly manyAggregate: string;
  /** `CustomerConnection` */
  readonly connection: string;
  /** `CustomerEdge` */
  readonly edge: string;
  readonly filter: string;
  /** Filter of a relation that leads to many of them. */
  readonly listFilter: string;
  readonly order: string;
  /** Order of the rows from which a relation leads to many of them. */
  readonly measureOrder: string;
  readonly search: string;
  readonly searchField: string;
  readonly groupBy: string;
  /** Enum of the fields that can be grouped by. */
  readonly field: string;
  readonly having: string;
  readonly aggregate: string;
  readonly aggregateKeys: string;
  readonly aggregateOrder: string;
  readonly keysOrder: string;
}

export function namesOf(entityName: string): EntityNames {
  const one = entityName.charAt(0).toLowerCase() + entityName.slice(1);
  const plural = pluralize(one);
  const many = plural === one ? `${one}List` : plural;
  return {
    entity: entityName,
    one,
    many,
    manyAggregate: `${many}Aggregate`,
    connection: `${entityName}Connection`,
    edge: `${entityName}Edge`,
    filter: `${entityName}Filter`,
    listFilter: `${entityName}ListFilter`,
    order: `${entityName}Order`,
    measureOrder: `${entityName}MeasureOrder`,
    search: `${entityName}Search`,
    searchField: `${entityName}SearchField`,
    groupBy: `${entityName}GroupBy`,
    field: `${entityName}Field`,
    having: `${entityName}Having`,
    aggregate: `${entityName}Aggregate`,
    aggregateKeys: `${entityName}AggregateKeys`,
    aggregateOrder: `${entityName}AggregateOrder`,
    keysOrder: `${entityName}KeysOrder`,
  };
}

/** Figures whose fields are of the same types are selected, compared and sorted by through the same types. */
export type FigureKind = 'Sums' | 'Means' | 'Extremes' | 'DistinctCounts' | 'Quantiles';

export interface FigureNames {
  /** `CustomerSums` */
  readonly output: string;
  readonly condition: string;
  readonly order: string;
}

export function figureNames(entityName: string, kind: FigureKind): FigureNames {
  const output = `${entityName}${kind}`;
  return { output, condition: `${output}Condition`, order: `${output}Order` };
}

/** The fields that stand beside a relation to many: `invoicesConnection` and `invoicesAggregate`. */
export function relationNames(relationName: string): {
  readonly page: string;
  readonly aggregate: string;
} {
  return { page: `${relationName}Connection`, aggregate: `${relationName}Aggregate` };
}

export const rowOrderName = 'RowOrder';
export const timeBucketName = 'TimeBucket';

/** The hub's own copy of an enum, which no other subgraph's copy can cut down. */
export function enumInputName(enumName: string): string {
  return `${enumName}Input`;
}

export function conditionName(type: WireType): string {
  return `${titleOf(type)}Condition`;
}

export function rangeName(type: WireType): string {
  return `${titleOf(type)}Range`;
}

/** What values of the type are called in names: `Decimal`, `Tier`, `StringList`. */
function titleOf(type: WireType): string {
  switch (type.kind) {
    case 'enum':
      return type.name;
    case 'list':
      return `${titleOf(type.of)}List`;
    default:
      return scalarNames[type.kind];
  }
}

export const scalarNames: Readonly<Record<Exclude<WireType['kind'], 'enum' | 'list'>, string>> = {
  id: 'ID',
  string: 'String',
  int: 'Int',
  float: 'Float',
  boolean: 'Boolean',
  bigInt: 'BigInt',
  decimal: 'Decimal',
  dateTime: 'DateTime',
  date: 'Date',
};

/** The type of a value as a question gives it; it may be missing. */
export function inputTypeName(type: WireType): string {
  switch (type.kind) {
    case 'enum':
      return enumInputName(type.name);
    case 'list':
      return `[${inputTypeName(type.of)}!]`;
    default:
      return scalarNames[type.kind];
  }
}
