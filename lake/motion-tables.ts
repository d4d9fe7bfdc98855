import { identifier, sql } from './sql.ts';
import type { WriteTransaction } from './write-transaction.ts';

/** The product's own tables for what moves: the log of changes, deliveries of events, syncs, and rows that wait. */
export async function createMotionTables(tx: WriteTransaction): Promise<void> {
  await createLedger(tx);
  await createEvents(tx);
  await createSync(tx);
  await createQuarantine(tx);
}

/** For a lake that is filled anew. */
export async function dropMotionTables(tx: WriteTransaction): Promise<void> {
  for (const schema of ['ledger', 'events', 'sync', 'quarantine'])
    await tx.run(sql`DROP SCHEMA ${identifier(schema)} CASCADE`);
}

/**
 * `change` is only ever added to, and its sequence has no gaps. What a row held stands apart in `change_value`, so
 * that a person's values can be erased without touching the order or the number of changes. The other tables are
 * indexes: each could be made anew from the log and the domains' tables.
 */
async function createLedger(tx: WriteTransaction): Promise<void> {
  await tx.run(sql`CREATE SCHEMA IF NOT EXISTS ledger`);
  await tx.run(
    sql`CREATE TABLE ledger.change (
      "sequence" BIGINT NOT NULL, "transaction" BIGINT NOT NULL, "time" TIMESTAMPTZ NOT NULL, stamp VARCHAR NOT NULL,
      kind VARCHAR NOT NULL, entity VARCHAR NOT NULL, "key" VARCHAR NOT NULL, domain VARCHAR NOT NULL, "version" BIGINT,
      actor VARCHAR NOT NULL, source VARCHAR NOT NULL, cause VARCHAR, occurred_at TIMESTAMPTZ, merged_into VARCHAR,
      "reverses" BIGINT)`,
  );
  await tx.run(
    sql`CREATE TABLE ledger.change_value ("sequence" BIGINT NOT NULL, "before" VARCHAR, "after" VARCHAR)`,
  );
  await tx.run(
    sql`CREATE TABLE ledger.head (
      subject VARCHAR USING COMPRESSION dictionary PRIMARY KEY, entity VARCHAR NOT NULL, "key" VARCHAR NOT NULL,
      "version" BIGINT NOT NULL, stamp VARCHAR NOT NULL, "sequence" BIGINT NOT NULL, state VARCHAR NOT NULL,
      merged_into VARCHAR)`,
  );
  await tx.run(
    sql`CREATE TABLE ledger.match ("value" VARCHAR USING COMPRESSION dictionary, entity VARCHAR NOT NULL, "key" VARCHAR NOT NULL)`,
  );
  await tx.run(sql`CREATE INDEX match_value ON ledger.match ("value")`);
  await tx.run(
    sql`CREATE TABLE ledger.request (
      id VARCHAR USING COMPRESSION dictionary PRIMARY KEY, fingerprint VARCHAR NOT NULL, outcome VARCHAR NOT NULL,
      "time" TIMESTAMPTZ NOT NULL)`,
  );
}

async function createEvents(tx: WriteTransaction): Promise<void> {
  await tx.run(sql`CREATE SCHEMA IF NOT EXISTS events`);
  await tx.run(
    sql`CREATE TABLE events.subscriber (
      id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, owner VARCHAR NOT NULL, url VARCHAR NOT NULL, secret VARCHAR NOT NULL,
      entities VARCHAR NOT NULL, types VARCHAR NOT NULL, includes_own BOOLEAN NOT NULL, may_veto BOOLEAN NOT NULL,
      veto_window_ms BIGINT NOT NULL, state VARCHAR NOT NULL, "position" BIGINT NOT NULL, snapshot_position BIGINT,
      snapshot_cursor VARCHAR, last_delivery_at TIMESTAMPTZ, last_error VARCHAR, failing_since TIMESTAMPTZ,
      created_at TIMESTAMPTZ NOT NULL)`,
  );
  // What a dead letter says stands in the log alone, where a person's values can be erased.
  await tx.run(
    sql`CREATE TABLE events.dead_letter (
      id VARCHAR PRIMARY KEY, subscriber VARCHAR NOT NULL, event_id VARCHAR NOT NULL, entity VARCHAR NOT NULL,
      "key" VARCHAR NOT NULL, "sequence" BIGINT, attempts BIGINT NOT NULL, last_status INTEGER,
      last_error VARCHAR NOT NULL, since TIMESTAMPTZ NOT NULL)`,
  );
  await tx.run(
    sql`CREATE TABLE events.veto (
      "sequence" BIGINT NOT NULL, subscriber VARCHAR NOT NULL, subscriber_name VARCHAR NOT NULL, actor VARCHAR NOT NULL,
      entity VARCHAR NOT NULL, reason VARCHAR NOT NULL, outcome VARCHAR NOT NULL, compensation BIGINT,
      applied_by VARCHAR NOT NULL, spared VARCHAR NOT NULL, "time" TIMESTAMPTZ NOT NULL,
      PRIMARY KEY ("sequence", subscriber))`,
  );
}

async function createSync(tx: WriteTransaction): Promise<void> {
  await tx.run(sql`CREATE SCHEMA IF NOT EXISTS sync`);
  await tx.run(
    sql`CREATE TABLE sync.state (
      domain VARCHAR NOT NULL, "table" VARCHAR NOT NULL, watermark BIGINT, last_success TIMESTAMPTZ,
      last_attempt TIMESTAMPTZ, last_due TIMESTAMPTZ, last_reconcile_due TIMESTAMPTZ, last_error VARCHAR,
      alerted_at TIMESTAMPTZ, PRIMARY KEY (domain, "table"))`,
  );
  await tx.run(
    sql`CREATE TABLE sync.run (
      id VARCHAR NOT NULL, domain VARCHAR NOT NULL, "table" VARCHAR NOT NULL, state VARCHAR NOT NULL, report VARCHAR NOT NULL,
      started_at TIMESTAMPTZ NOT NULL, ended_at TIMESTAMPTZ NOT NULL)`,
  );
  // Size and time of a file are looked at first; only where they differ from the last time, its content is.
  await tx.run(
    sql`CREATE TABLE sync.file (
      domain VARCHAR NOT NULL, "table" VARCHAR NOT NULL, name VARCHAR NOT NULL, size_bytes BIGINT NOT NULL,
      modified_ms DOUBLE NOT NULL, digest VARCHAR NOT NULL, "time" TIMESTAMPTZ NOT NULL)`,
  );
  // Per row: how new it is in its source, and the key that it has there where an identity was merged into another.
  await tx.run(
    sql`CREATE TABLE sync.tombstone (
      domain VARCHAR NOT NULL, "table" VARCHAR NOT NULL, "key" VARCHAR NOT NULL, watermark BIGINT NOT NULL)`,
  );
}

/** One row for each row that is not in its table: it waits for its identity, breaks a rule, or has lost its place. */
async function createQuarantine(tx: WriteTransaction): Promise<void> {
  await tx.run(sql`CREATE SCHEMA IF NOT EXISTS quarantine`);
  await tx.run(sql`CREATE SEQUENCE quarantine.row_id`);
  await tx.run(
    sql`CREATE TABLE quarantine."row" (
      id BIGINT NOT NULL DEFAULT nextval('quarantine.row_id'), domain VARCHAR NOT NULL, "table" VARCHAR NOT NULL, "key" VARCHAR,
      kind VARCHAR NOT NULL, reason VARCHAR NOT NULL, "rule" VARCHAR, waits_entity VARCHAR, waits_key VARCHAR,
      payload VARCHAR NOT NULL, watermark BIGINT, run VARCHAR, since TIMESTAMPTZ NOT NULL)`,
  );
}
