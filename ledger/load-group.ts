import { keyCondition, type RowKey } from '../lake/key-condition.ts';
import { keyText } from '../lake/key-lookup.ts';
import { identifier, join, sql, table, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import { readChange } from './change-rows.ts';
import type { RowTexts } from './change.ts';
import { GroupState, type EntityState } from './group-state.ts';
import { firstStamp } from './hybrid-clock.ts';
import type { IdentityCommand, Outcome } from './identity-command.ts';
import { textOf, valueOf, type IdentityShape } from './identity-shape.ts';
import { matchValueOf } from './match-value.ts';
import { readFields, readKey } from './read-input.ts';
import { requestId } from './request-id.ts';

const text = { kind: 'VARCHAR' } as const;

/** Reads whatever a group of commands has to know, with a few statements for all of them. */
export async function loadGroup(
  tx: WriteTransaction,
  commands: readonly IdentityCommand[],
  shapes: ReadonlyMap<string, IdentityShape>,
): Promise<GroupState> {
  const state = new GroupState();
  await learnRequests(tx, commands, state);
  const keys = new Map<string, Set<string>>();
  const want = (entity: string, key: string): void => {
    keys.set(entity, (keys.get(entity) ?? new Set()).add(key));
  };
  const matches = new Set<string>();
  for (const command of commands) {
    const shape = shapes.get(command.entity);
    if (shape === undefined) continue;
    if (command.kind === 'reverse') {
      const change = await readChange(tx, command.sequence);
      if (change === undefined) continue;
      state.learnChange(change);
      want(change.entity, change.key);
      continue;
    }
    for (const given of keysIn(command)) {
      const key = readKey(shape, given);
      if (key.kind === 'read') want(shape.entity.name, key.value.text);
    }
    const match = 'fields' in command ? matchIn(shape, command.fields) : undefined;
    if (match !== undefined) matches.add(match);
  }
  if (matches.size > 0) {
    const found = await readMatches(tx, [...matches]);
    for (const { entity, key } of found) want(entity, key);
  }
  for (const [entity, wanted] of keys) {
    const shape = shapes.get(entity);
    if (shape !== undefined) await learnEntities(tx, shape, wanted, state);
  }
  return state;
}

function keysIn(command: IdentityCommand): readonly Readonly<Record<string, unknown>>[] {
  if (command.kind === 'merge') return [command.winner, command.loser];
  return 'key' in command && command.key !== undefined ? [command.key] : [];
}

function matchIn(
  shape: IdentityShape,
  fields: Readonly<Record<string, unknown>>,
): string | undefined {
  const read = readFields(shape, fields, { isComplete: false, passesOver: true });
  return read.kind === 'read' ? matchValueOf(shape, read.value) : undefined;
}

async function learnRequests(
  tx: WriteTransaction,
  commands: readonly IdentityCommand[],
  state: GroupState,
): Promise<void> {
  const ids = [...new Set(commands.flatMap((command) => requestId(command) ?? []))];
  if (ids.length === 0) return;
  const rows = await tx.read(
    sql`SELECT id, fingerprint, outcome FROM ledger.request WHERE ${isIn('id', ids)}`,
  );
  const [id = [], fingerprint = [], outcome = []] = rows.columns;
  for (let row = 0; row < rows.rowCount; row++) {
    state.learnRequest(String(id[row]), {
      fingerprint: String(fingerprint[row]),
      outcome: JSON.parse(String(outcome[row])) as Outcome,
    });
  }
}

async function readMatches(
  tx: WriteTransaction,
  values: readonly string[],
): Promise<readonly { readonly entity: string; readonly key: string }[]> {
  const rows = await tx.read(
    sql`SELECT entity, "key" FROM ledger."match" WHERE ${isIn('value', values)}`,
  );
  const [entity = [], key = []] = rows.columns;
  return Array.from({ length: rows.rowCount }, (_, row) => ({
    entity: String(entity[row]),
    key: String(key[row]),
  }));
}

/** Rows and heads of entities, and of those that they were merged into. */
async function learnEntities(
  tx: WriteTransaction,
  shape: IdentityShape,
  wanted: ReadonlySet<string>,
  state: GroupState,
): Promise<void> {
  let open = [...wanted];
  for (let step = 0; open.length > 0 && step < 100; step++) {
    const heads = await readHeads(tx, shape, open);
    const rows = await readRows(tx, shape, open);
    const next: string[] = [];
    for (const key of open) {
      const head = heads.get(key);
      const row = rows.get(key) ?? null;
      if (head === undefined && row === null) continue;
      const known: EntityState = {
        entity: shape.entity.name,
        key,
        row,
        version: head?.version ?? 1,
        stamp: head?.stamp ?? firstStamp,
        sequence: head?.sequence ?? 0,
        mergedInto: head?.mergedInto,
        hasHead: head !== undefined,
      };
      state.learn(known);
      // What is found by the index may be out of date where another program wrote the rows.
      const match = matchValueOf(shape, row);
      if (match !== undefined) state.learnMatch(match, key);
      if (known.mergedInto !== undefined && !wanted.has(known.mergedInto))
        next.push(known.mergedInto);
    }
    open = next.filter((key) => state.find(shape.entity.name, key) === undefined);
  }
}

type Head = Pick<EntityState, 'version' | 'stamp' | 'sequence' | 'mergedInto'>;

async function readHeads(
  tx: WriteTransaction,
  shape: IdentityShape,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Head>> {
  const subjects = keys.map((key) => GroupState.subject(shape.entity.name, key));
  const rows = await tx.read(
    sql`SELECT "key", "version", stamp, "sequence", merged_into FROM ledger.head WHERE ${isIn('subject', subjects)}`,
  );
  const [key = [], version = [], stamp = [], sequence = [], mergedInto = []] = rows.columns;
  return new Map(
    Array.from({ length: rows.rowCount }, (_, row) => [
      String(key[row]),
      {
        version: Number(version[row]),
        stamp: String(stamp[row]),
        sequence: Number(sequence[row]),
        mergedInto: textOf(mergedInto[row] ?? null) ?? undefined,
      },
    ]),
  );
}

async function readRows(
  tx: WriteTransaction,
  { schema, table: name, fields, keyFields }: IdentityShape,
  keys: readonly string[],
): Promise<ReadonlyMap<string, RowTexts>> {
  const wanted = keys.flatMap((key): RowKey[] => {
    const texts = keyFields.length === 1 ? [key] : (JSON.parse(key) as readonly string[]);
    const values = keyFields.map(({ sqlType }, position) => valueOf(texts[position], sqlType));
    return values.every((one) => one !== undefined) ? [values] : [];
  });
  if (wanted.length === 0) return new Map();
  const columns = fields.map(({ column }) => identifier(column));
  const condition = keyCondition(
    keyFields.map(({ column, sqlType }) => ({ column: identifier(column), sqlType })),
    wanted,
  );
  const rows = await tx.read(
    sql`SELECT ${join(columns, ', ')} FROM ${table(schema, name)} WHERE ${condition}`,
  );
  const found = new Map<string, RowTexts>();
  for (let row = 0; row < rows.rowCount; row++) {
    const texts = Object.fromEntries(
      fields.map(({ column }, position) => [column, textOf(rows.columns[position]?.[row] ?? null)]),
    );
    found.set(keyText(keyFields.map(({ column }) => texts[column] ?? null)), texts);
  }
  return found;
}

function isIn(column: string, values: readonly string[]): Sql {
  return keyCondition(
    [{ column: identifier(column), sqlType: text }],
    values.map((one) => [one]),
  );
}
