/** The tables that the generator fills: those of the four domains' schemas, with columns in snake_case. */

export type SeedSqlType = 'VARCHAR' | 'INTEGER' | 'DECIMAL(18,2)' | 'TIMESTAMPTZ' | 'DATE';

export interface SeedColumn {
  readonly name: string;
  readonly sqlType: SeedSqlType;
}

export interface SeedTable {
  /** The domain's name. */
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly SeedColumn[];
}

/** A point in time, and the offset from UTC of the clock that read it; the offset matters only to text. */
export interface Moment {
  /** Microseconds since 1970-01-01T00:00:00Z: a whole number that a double holds exactly until the year 2255. */
  readonly epochMicros: number;
  readonly offsetMinutes: number;
}

/**
 * A value in the cheapest form that loses nothing: text for VARCHAR, a whole number for INTEGER, whole cents for
 * DECIMAL(18,2), days since 1970-01-01 for DATE and a moment for TIMESTAMPTZ.
 */
export type SeedValue = string | number | Moment | null;

/** Rows of one table, column by column; all columns have `rowCount` values. */
export interface SeedBatch {
  readonly schema: string;
  readonly table: string;
  readonly rowCount: number;
  readonly columns: Readonly<Record<string, readonly SeedValue[]>>;
}

export const identityCustomers = {
  schema: 'identity',
  table: 'customer',
  columns: [
    { name: 'id', sqlType: 'VARCHAR' },
    { name: 'name', sqlType: 'VARCHAR' },
    { name: 'email', sqlType: 'VARCHAR' },
    { name: 'created_at', sqlType: 'TIMESTAMPTZ' },
    { name: 'updated_at', sqlType: 'TIMESTAMPTZ' },
    { name: 'created_by', sqlType: 'VARCHAR' },
  ],
} as const satisfies SeedTable;

export const salesCustomers = {
  schema: 'sales',
  table: 'customer',
  columns: [
    { name: 'id', sqlType: 'VARCHAR' },
    { name: 'account_value', sqlType: 'DECIMAL(18,2)' },
    { name: 'sales_rep', sqlType: 'VARCHAR' },
  ],
} as const satisfies SeedTable;

export const supportCustomers = {
  schema: 'support',
  table: 'customer',
  columns: [
    { name: 'id', sqlType: 'VARCHAR' },
    { name: 'support_tier', sqlType: 'VARCHAR' },
    { name: 'lifetime_tickets', sqlType: 'INTEGER' },
  ],
} as const satisfies SeedTable;

export const billingCustomers = {
  schema: 'billing',
  table: 'customer',
  columns: [
    { name: 'id', sqlType: 'VARCHAR' },
    { name: 'vat_number', sqlType: 'VARCHAR' },
    { name: 'payment_terms', sqlType: 'VARCHAR' },
  ],
} as const satisfies SeedTable;

export const billingInvoices = {
  schema: 'billing',
  table: 'invoice',
  columns: [
    { name: 'id', sqlType: 'VARCHAR' },
    { name: 'customer_id', sqlType: 'VARCHAR' },
    { name: 'amount', sqlType: 'DECIMAL(18,2)' },
    { name: 'issued_on', sqlType: 'DATE' },
    { name: 'due_on', sqlType: 'DATE' },
    { name: 'status', sqlType: 'VARCHAR' },
  ],
} as const satisfies SeedTable;

export const seedTables: readonly SeedTable[] = [
  identityCustomers,
  salesCustomers,
  supportCustomers,
  billingCustomers,
  billingInvoices,
];

/** One row of a table; the type demands a value for each of its columns. */
export type RowOf<Table extends SeedTable> = {
  readonly [Name in Table['columns'][number]['name']]: SeedValue;
};
