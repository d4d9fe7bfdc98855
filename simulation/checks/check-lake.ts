import { columnSql, joinedParts, projectionTable } from '../../lake/projection-sql.ts';
import { identifier, join, sql, table, value, type Sql } from '../../lake/sql.ts';
import { projectionsOf } from '../../mapping/projection.ts';
import { stagedTables } from '../model/staged-row.ts';
import { readLoggedChanges, type LoggedChange } from '../model/logged-change.ts';
import { BrokenRule, mustEqual, mustHold } from '../world/broken-rule.ts';
import type { World } from '../world/world.ts';

type Texts = Readonly<Record<string, string | null>>;

/** Whether everything in the lake is what the model says, and agrees with itself. */
export async function checkLake(world: World): Promise<void> {
  const log = await readLoggedChanges(world.lake, 0);
  checkOrder(log);
  await checkIdentities(world);
  await checkHeads(world);
  await checkMatches(world);
  await checkDomains(world);
  await checkQuarantine(world);
  await checkReplay(world, log);
  await checkProjections(world);
}

/** Sequence and time of the log. */
function checkOrder(log: readonly LoggedChange[]): void {
  for (const [position, change] of log.entries()) {
    const { sequence, transaction, timeMicros } = change;
    mustEqual(sequence, position + 1, 'The log is numbered from 1 without a gap.');
    const before = log[position - 1];
    if (before === undefined) continue;
    const isLater = timeMicros > before.timeMicros;
    const isTogether = transaction === before.transaction && timeMicros === before.timeMicros;
    mustHold(
      isTogether || (isLater && transaction === sequence),
      'Each transaction of the log is strictly later than the one before it.',
      () =>
        `#${sequence} of ${transaction} at ${timeMicros} after ${before.timeMicros} of ${before.transaction}`,
    );
  }
}

async function checkIdentities({ lake, identities }: World): Promise<void> {
  const found = await lake.read(
    sql`SELECT id, name, email, epoch_us(created_at), epoch_us(updated_at), created_by FROM identity.customer WHERE ${value(true)} ORDER BY id`,
  );
  const rows = Array.from({ length: found.rowCount }, (_, row) =>
    found.columns.map((column) => String(column[row])),
  );
  const expected = identities.live
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ row }) => [
      row?.['id'],
      row?.['name'],
      row?.['email'],
      microsOf(row?.['created_at']),
      microsOf(row?.['updated_at']),
      row?.['created_by'],
    ]);
  mustEqual(rows, expected, 'The table of identities has exactly the customers that there are.');
}

async function checkHeads({ lake, identities }: World): Promise<void> {
  const rows = await readTexts(
    lake,
    sql`SELECT subject, entity, "key", CAST("version" AS VARCHAR) AS "version", stamp, CAST("sequence" AS VARCHAR) AS "sequence", state, merged_into FROM ledger.head WHERE ${value(true)} ORDER BY subject`,
  );
  const expected = [...identities.entities.values()]
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, version, stamp, sequence, mergedInto, row }) => ({
      subject: `Customer/${key}`,
      entity: 'Customer',
      key,
      version: String(version),
      stamp,
      sequence: String(sequence),
      state: mergedInto !== null ? 'merged' : row === null ? 'deleted' : 'live',
      merged_into: mergedInto,
    }));
  mustEqual(rows, expected, 'The heads are what the log says last of each customer.');
}

async function checkMatches({ lake, identities }: World): Promise<void> {
  const rows = await readTexts(
    lake,
    sql`SELECT "value", entity, "key" FROM ledger."match" WHERE ${value(true)} ORDER BY ALL`,
  );
  const expected = identities.live
    .map(({ key, row }) => ({
      value: `Customer/${row?.['email']?.trim().toLowerCase() ?? ''}`,
      entity: 'Customer',
      key,
    }))
    .toSorted((a, b) => (`${a.value}\0${a.key}` < `${b.value}\0${b.key}` ? -1 : 1));
  mustEqual(rows, expected, 'The index of addresses has exactly those that there are.');
}

async function checkDomains({ lake, domains }: World): Promise<void> {
  for (const name of stagedTables) {
    const rows = await readDomain(lake, name);
    const expected = [...domains.rowsOf(name)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, { values, watermark, source }]) => ({
        ...values,
        id,
        _watermark: watermark === null ? null : String(watermark),
        _source_key: source,
      }));
    mustEqual(rows, expected, `The table ${name} has the newest good row of each key.`);
  }
}

function readDomain(lake: World['lake'], name: string): Promise<readonly Texts[]> {
  const [schema = '', tableName = ''] = name.split('.');
  return readTexts(
    lake,
    sql`SELECT COLUMNS(c -> c <> '_seq')::VARCHAR AS '\\0' FROM ${table(schema, tableName)} WHERE ${value(true)} ORDER BY id`,
  );
}

async function checkQuarantine({ lake, domains }: World): Promise<void> {
  const rows = await readTexts(
    lake,
    sql`SELECT domain || '.' || "table" AS "table", "key", kind, waits_key, CAST(watermark AS VARCHAR) AS watermark, payload FROM quarantine."row" WHERE kind <> 'BAD' AND ${value(true)} ORDER BY ALL`,
  );
  const bare = (texts: Texts): Texts => ({ ...texts, id: null });
  const found = rows.map(({ table: name, key, kind, waits_key, watermark, payload }) => ({
    table: name,
    key,
    kind,
    waits_key,
    watermark,
    values: bare(JSON.parse(payload ?? '{}') as Texts),
  }));
  const expected = domains.kept
    .map(({ table: name, source, kind, waitsFor, watermark, values }) => ({
      table: name,
      key: source,
      kind,
      waits_key: waitsFor,
      watermark: watermark === null ? null : String(watermark),
      values: bare(values),
    }))
    .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  mustEqual(
    found.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)),
    expected,
    'The quarantine has the rows that wait, and those that have lost their place.',
  );
}

function placeOf(row: {
  readonly table?: unknown;
  readonly key?: unknown;
  readonly kind?: unknown;
}): string {
  return `${String(row.table)} ${String(row.kind)} ${String(row.key)}`;
}

/** Each row's changes follow from one another, and lead to what the tables have. */
async function checkReplay(
  { lake, identities }: World,
  log: readonly LoggedChange[],
): Promise<void> {
  const states = new Map<string, Texts | null>();
  for (const { domain, entity, key, kind, before, after, sequence } of log) {
    const name = `${domain} ${entity} ${key}`;
    const rule = 'What a change found is what the change before it had left.';
    mustEqual([sequence, name, before], [sequence, name, states.get(name) ?? null], rule);
    const isKind =
      kind === 'create'
        ? before === null && after !== null
        : kind === 'delete'
          ? after === null
          : before !== null && after !== null;
    mustHold(
      isKind,
      'The kind of a change says what became of the row.',
      () => `#${sequence} ${kind}`,
    );
    states.set(name, after);
  }
  for (const name of stagedTables) {
    const [domain = '', tableName = ''] = name.split('.');
    const entity = tableName === 'invoice' ? 'Invoice' : 'Customer';
    const prefix = `${domain} ${entity} `;
    const replayed = [...states]
      .filter(([row, state]) => row.startsWith(prefix) && state !== null)
      .map(([, state]) => state)
      .toSorted((a, b) => (String(a?.['id']) < String(b?.['id']) ? -1 : 1));
    const rows = (await readDomain(lake, name)).map(({ _watermark, _source_key, ...row }) => row);
    mustEqual(replayed, rows, `The log played from its beginning gives the table ${name}.`);
  }
  const replayed = [...states].filter(
    ([row, state]) => row.startsWith('identity ') && state !== null,
  );
  mustEqual(
    new Map(replayed),
    new Map(identities.live.map(({ key, row }) => [`identity Customer ${key}`, row])),
    'The log played from its beginning gives the identities.',
  );
}

async function checkProjections({ lake, shop }: World): Promise<void> {
  for (const [name, projection] of projectionsOf(shop.model)) {
    const names = projection.columns.map((column) => identifier(column.name));
    const computed = projection.columns.map((column) => columnSql(column, projection.entity));
    const held = sql`SELECT ${join(names, ', ')} FROM ${projectionTable(projection)}`;
    const wanted = sql`SELECT ${join(computed, ', ')} FROM ${joinedParts(projection.entity)}`;
    const rule = `The projection of ${name} is what the tables of the domains say.`;
    const found = await readTexts(
      lake,
      sql`SELECT 'too much' AS what, COLUMNS(*)::VARCHAR AS '\\0' FROM ((${held}) EXCEPT ALL (${wanted})) WHERE ${value(true)} UNION ALL SELECT 'missing', COLUMNS(*)::VARCHAR FROM ((${wanted}) EXCEPT ALL (${held})) WHERE ${value(true)}`,
    );
    if (found.length > 0) throw new BrokenRule(rule, JSON.stringify(found));
  }
}

async function readTexts(lake: World['lake'], statement: Sql): Promise<readonly Texts[]> {
  const { columns, columnNames, rowCount } = await lake.read(statement);
  return Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(
      columnNames.map((name, position) => {
        const cell = columns[position]?.[row] ?? null;
        return [name, cell === null ? null : String(cell)];
      }),
    ),
  );
}

function microsOf(text: string | null | undefined): string {
  const [, seconds = '', fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(text ?? '') ?? [];
  return String(BigInt(Date.parse(`${seconds}Z`)) * 1_000n + BigInt(fraction.padEnd(6, '0')));
}
