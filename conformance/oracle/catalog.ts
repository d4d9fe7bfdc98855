/** What the oracle knows of the graph: written by hand, from the schemas beside it and not from the mappings' reader. */

export type Kind =
  | 'id'
  | 'string'
  | 'int'
  | 'float'
  | 'boolean'
  | 'bigInt'
  | 'decimal'
  | 'date'
  | 'dateTime'
  | 'enum'
  | 'list';

export type EntityName = 'Customer' | 'Invoice' | 'Line' | 'Product';

export interface Field {
  readonly name: string;
  readonly kind: Kind;
  /** Digits behind the point of a decimal. */
  readonly scale: number;
  /** The enum's name; '' for other kinds. */
  readonly enumName: string;
  readonly enumValues: readonly string[];
  /** A domain has to fill it in every row. */
  readonly isNonNull: boolean;
}

/** A relation to one holds the key of the other end; a relation to many is held by the other end. */
export interface Relation {
  readonly name: string;
  readonly isMany: boolean;
  readonly target: EntityName;
  /** The hidden property of the row that holds the other row's key: of this row, or of the rows at the other end. */
  readonly reference: string;
  readonly isNonNull: boolean;
}

export interface Entity {
  readonly name: EntityName;
  readonly one: string;
  readonly many: string;
  readonly key: readonly string[];
  readonly fields: readonly Field[];
  readonly relations: readonly Relation[];
}

export const entities: Readonly<Record<EntityName, Entity>> = {
  Customer: {
    name: 'Customer',
    one: 'customer',
    many: 'customers',
    key: ['id'],
    fields: [
      field('id!', 'id'),
      field('name!', 'string'),
      field('createdAt!', 'dateTime'),
      field('seenAt', 'dateTime'),
      decimal('worth', 2),
      field('seats', 'int'),
      field('score', 'float'),
      enumeration('segment', 'Segment', ['SMALL', 'MIDDLE', 'LARGE']),
      field('tags', 'list'),
      field('desc', 'string'),
      enumeration('tier', 'Tier', ['BRONZE', 'SILVER', 'GOLD']),
      field('tickets!', 'int'),
      field('isVip', 'boolean'),
      field('renewsOn', 'date'),
      field('vatNumber', 'string'),
    ],
    relations: [
      toOne('referrer', 'Customer', 'Customer.referrer'),
      toMany('referred', 'Customer', 'Customer.referrer'),
      toMany('invoices', 'Invoice', 'Invoice.customer'),
      toMany('approvals', 'Invoice', 'Invoice.approver'),
    ],
  },
  Invoice: {
    name: 'Invoice',
    one: 'invoice',
    many: 'invoices',
    key: ['id'],
    fields: [
      field('id!', 'id'),
      decimal('amount!', 2),
      decimal('discount', 4),
      field('issuedOn!', 'date'),
      field('sentAt', 'dateTime'),
      field('reference', 'bigInt'),
      enumeration('status!', 'Status', ['DRAFT', 'OPEN', 'PAID', 'VOID']),
      field('note', 'string'),
    ],
    relations: [
      toOne('customer!', 'Customer', 'Invoice.customer'),
      toOne('approver', 'Customer', 'Invoice.approver'),
      toMany('lines', 'Line', 'Line.invoice'),
    ],
  },
  Line: {
    name: 'Line',
    one: 'line',
    many: 'lines',
    key: ['invoiceId', 'position'],
    fields: [
      field('invoiceId!', 'id'),
      field('position!', 'int'),
      field('quantity', 'int'),
      decimal('price', 3),
    ],
    relations: [
      toOne('invoice!', 'Invoice', 'Line.invoice'),
      toOne('product', 'Product', 'Line.product'),
    ],
  },
  Product: {
    name: 'Product',
    one: 'product',
    many: 'products',
    key: ['id'],
    fields: [field('id!', 'id'), field('title', 'string'), field('weight', 'float')],
    relations: [],
  },
};

export const allEntities: readonly Entity[] = Object.values(entities);

export function entityNamed(name: string): Entity | undefined {
  return allEntities.find((entity) => entity.name === name);
}

export function fieldOf(entity: Entity, name: string): Field | undefined {
  return entity.fields.find((field) => field.name === name);
}

export function relationOf(entity: Entity, name: string): Relation | undefined {
  return entity.relations.find((relation) => relation.name === name);
}

export function relationsToOne(entity: Entity): readonly Relation[] {
  return entity.relations.filter(({ isMany }) => !isMany);
}

export function relationsToMany(entity: Entity): readonly Relation[] {
  return entity.relations.filter(({ isMany }) => isMany);
}

export function isNumber({ kind }: Field): boolean {
  return kind === 'int' || kind === 'float' || kind === 'decimal' || kind === 'bigInt';
}

/** Numbers, dates, times, strings: what stands before or after something. */
export function isRanged(field: Field): boolean {
  return isNumber(field) || ['date', 'dateTime', 'string'].includes(field.kind);
}

export function isText({ kind }: Field): boolean {
  return kind === 'string' || kind === 'id';
}

/** A `!` at the end of a name is that of GraphQL. */
function field(name: string, kind: Kind): Field {
  return {
    name: name.replace('!', ''),
    kind,
    scale: 0,
    enumName: '',
    enumValues: [],
    isNonNull: name.endsWith('!'),
  };
}

function decimal(name: string, scale: number): Field {
  return { ...field(name, 'decimal'), scale };
}

function enumeration(name: string, enumName: string, enumValues: readonly string[]): Field {
  return { ...field(name, 'enum'), enumName, enumValues };
}

function toOne(name: string, target: EntityName, reference: string): Relation {
  const isNonNull = name.endsWith('!');
  return { name: name.replace('!', ''), isMany: false, target, reference, isNonNull };
}

function toMany(name: string, target: EntityName, reference: string): Relation {
  return { name, isMany: true, target, reference, isNonNull: true };
}
