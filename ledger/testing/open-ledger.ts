import { join } from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { onTestFinished } from 'vitest';
import { createLog } from '../../foundation/log.ts';
import { tempFolder } from '../../foundation/testing/temp-folder.ts';
import { openLake, type Lake } from '../../lake/engine.ts';
import { sql, table, type Sql } from '../../lake/sql.ts';
import type { LakeModel } from '../../mapping/model.ts';
import { projectionsOf } from '../../mapping/projection.ts';
import { inlineModel } from '../../mapping/testing/inline-domain.ts';
import { prepareLake } from '../../seed/prepare-lake.ts';
import { textOf } from '../identity-shape.ts';
import { Ledger } from '../ledger.ts';
import { ManualClock } from './manual-clock.ts';

export const shopDomains = {
  identity: `
    type Customer @key(fields: "id") @table @identity(fields: "id name email createdAt updatedAt createdBy") {
      id: ID! name: String! email: String! @match(as: "email") createdAt: DateTime! updatedAt: DateTime! createdBy: String!
    }`,
  sales: `
    type Customer @key(fields: "id") @table {
      id: ID! accountValue: Decimal @column(type: "DECIMAL(18,2)") salesRep: String @column(default: "nobody")
    }`,
  billing: `
    type Customer @key(fields: "id") @table { id: ID! vatNumber: String invoices: [Invoice!]! @relation(columns: ["customer_id"]) }
    type Invoice @key(fields: "id") @table {
      id: ID! customer: Customer! @relation(columns: ["customer_id"]) amount: Decimal! @column(type: "DECIMAL(18,2)")
    }`,
};

export interface TestLedger {
  readonly lake: Lake;
  readonly ledger: Ledger;
  readonly clock: ManualClock;
  readonly model: LakeModel;
  /** Opens another ledger over the same lake, as after a crash. */
  readonly again: () => Promise<Ledger>;
  readonly rows: (statement: Sql) => Promise<readonly (readonly (string | null)[])[]>;
}

interface OpenOptions {
  readonly domains?: Readonly<Record<string, string>>;
  /** CSV text by `<domain>/<table>.csv`. */
  readonly rows?: Readonly<Record<string, string>>;
}

/** A lake of a small shop and the ledger over it; both go when the running test ends. */
export async function openTestLedger(options: OpenOptions = {}): Promise<TestLedger> {
  const directory = tempFolder();
  const model = inlineModel(options.domains ?? shopDomains);
  const seedDirectory = join(directory, 'seed');
  for (const [file, text] of Object.entries(options.rows ?? {})) {
    await mkdir(dirname(join(seedDirectory, file)), { recursive: true });
    await writeFile(join(seedDirectory, file), text);
  }
  const lake = await openLake({ directory, memoryLimit: '512MB' });
  onTestFinished(() => lake.close());
  await prepareLake({ lake, model, seedDirectory, log: createLog({ level: 'silent' }) });
  const clock = new ManualClock();
  let made = 0;
  const open = async (): Promise<Ledger> => {
    const ledger = await Ledger.open({ lake, clock, newId: () => `made-${++made}` });
    ledger.use(model);
    return ledger;
  };
  return {
    lake,
    clock,
    model,
    ledger: await open(),
    again: open,
    rows: async (statement) => {
      const { columns, rowCount } = await lake.read(statement);
      return Array.from({ length: rowCount }, (_, row) =>
        columns.map((column) => textOf(column[row] ?? null)),
      );
    },
  };
}

/** The rows of an entity's projection as texts, without their numbers, by key. */
export function projectionOf(model: LakeModel, entity: string): Sql {
  const projection = projectionsOf(model).get(entity);
  if (projection === undefined) throw new TypeError(`${entity} has no projection.`);
  return projectionRows(projection.table);
}

function projectionRows(tableName: string): Sql {
  return sql`SELECT * EXCLUDE (_seq) FROM ${table('hub', tableName)} ORDER BY id`;
}
