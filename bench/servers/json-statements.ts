import type { LakeValue } from '../../lake/sql.ts';
import type { PlainQuestion } from '../ask-plain.ts';

/** A statement that answers one row with one text, or with the bytes of one. */
export interface JsonStatement {
  readonly text: string;
  readonly valuesOf: (question: PlainQuestion) => readonly LakeValue[];
  /** What stands around the text in the answer. */
  readonly frame: readonly [string, string];
}

/** The SQL of each question, by hand, for the wide tables of customers and invoices. */
export function jsonStatements(
  customers: string,
  invoices: string,
): Readonly<Record<PlainQuestion['question'], JsonStatement>> {
  const window = `SELECT * FROM ${customers} WHERE _seq > $1 AND _seq <= $2`;
  return {
    point: {
      text: `SELECT ${customerJson(timeOfFew)} FROM ${customers} WHERE id = $1`,
      valuesOf: (question) => (question.question === 'point' ? [question.id] : []),
      frame: ['{"data":{"customer":', '}}'],
    },
    page: {
      text: `SELECT ${listOf(customerJson(timeOfFew), '_seq')} FROM (${window})`,
      valuesOf: (question) => bounds(question, 50),
      frame: customersFrame,
    },
    export: {
      // As bytes the text need not become a string and bytes again, which takes as long as making it.
      text: `SELECT encode(${listOf(customerJson(timeOfMany), '_seq')}) FROM (${window})`,
      valuesOf: (question) => bounds(question, 10_000),
      frame: customersFrame,
    },
    filtered: {
      // Late materialisation: filter and sort read no column that they do not need, and 50 keys look up the rest.
      text: `SELECT ${listOf(customerJson(timeOfFew), best)} FROM ${customers} WHERE id IN
        (SELECT id FROM ${customers} WHERE "supportTier" IN ($1, $2) AND "paymentTerms" = $3 ORDER BY ${best} LIMIT 50)`,
      valuesOf: (question) =>
        question.question === 'filtered' ? [...question.tiers, question.terms] : [],
      frame: customersFrame,
    },
    groups: {
      text: `SELECT ${listOf(groupJson, '"salesRep" NULLS LAST, "supportTier" NULLS LAST')}
        FROM (SELECT "salesRep", "supportTier", count(*) AS n, sum("accountValue") AS total FROM ${customers} GROUP BY ALL)`,
      valuesOf: () => [],
      frame: ['{"data":{"customersAggregate":', '}}'],
    },
    newest: {
      // The page's ids reach the look-up as a filter that DuckDB makes of the join. Ids as parameters of a second
      // statement find the same rows through the index, at the same cost.
      text: `WITH c AS MATERIALIZED (${window}),
        i AS (SELECT "billing.customer_id" AS customer_id, list(${invoice} ORDER BY "issuedOn" DESC, id)[:5] AS newest
          FROM ${invoices} WHERE "billing.customer_id" IN (SELECT id FROM c) GROUP BY ALL)
        SELECT ${listOf(customerWithInvoicesJson, '_seq')} FROM c LEFT JOIN i ON i.customer_id = c.id`,
      valuesOf: (question) => bounds(question, 50),
      frame: customersFrame,
    },
  };
}

const customersFrame = ['{"data":{"customers":{"nodes":', '}}}'] as const;

const best = '"accountValue" DESC NULLS LAST, name, id';

function customerJson(time: (column: string) => string): string {
  return `json_object('id', id, 'name', name, 'email', email, 'createdAt', ${time('"createdAt"')}, 'updatedAt', ${time('"updatedAt"')}, 'createdBy', "createdBy", 'accountValue', "accountValue", 'salesRep', "salesRep", 'supportTier', "supportTier", 'lifetimeTickets', "lifetimeTickets", 'vatNumber', "vatNumber", 'paymentTerms', "paymentTerms")`;
}

const groupJson = `json_object('keys', json_object('salesRep', "salesRep", 'supportTier', "supportTier"), 'count', n, 'sum', json_object('accountValue', total))`;

const invoice = `{id: id, amount: amount, "issuedOn": CAST("issuedOn" AS VARCHAR), "dueOn": CAST("dueOn" AS VARCHAR), status: status}`;

const customerWithInvoicesJson = `json_object('id', id, 'name', name, 'supportTier', "supportTier", 'accountValue', "accountValue", 'invoices', coalesce(newest, []))`;

/** RFC 3339 in UTC, with three or six digits of the second where they are not zero; the cheapest way for a few rows. */
function timeOfFew(column: string): string {
  return `replace(replace(${formatted(column, '.%f')}, '000Z', 'Z'), '.000Z', 'Z')`;
}

/** The same text; the cheapest way for many rows, where three formats cost less than two replacements. */
function timeOfMany(column: string): string {
  return `CASE WHEN epoch_us(${column}) % 1000000 = 0 THEN ${formatted(column, '')}
    WHEN epoch_us(${column}) % 1000 = 0 THEN ${formatted(column, '.%g')} ELSE ${formatted(column, '.%f')} END`;
}

function formatted(column: string, fraction: string): string {
  return `strftime(make_timestamp(epoch_us(${column})), '%Y-%m-%dT%H:%M:%S${fraction}Z')`;
}

function listOf(item: string, order: string): string {
  return `'[' || coalesce(string_agg(${item}, ',' ORDER BY ${order}), '') || ']'`;
}

function bounds(question: PlainQuestion, size: number): readonly LakeValue[] {
  if (!('after' in question)) return [];
  return [BigInt(question.after), BigInt(question.after + size)];
}
