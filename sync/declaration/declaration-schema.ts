import { z } from 'zod';
import { parseDuration } from './duration.ts';
import { isCronPattern, isTimeZone } from '../schedule/occurrences.ts';

/**
 * The shape of a `sync.yaml`. Its types, the messages about mistakes and `docs/sync.schema.json` come from here; what
 * only the model of the lake can tell is checked in `resolve-table.ts`.
 */
export type DeclarationInput = z.output<typeof declarationSchema>;
export type TableInput = z.output<typeof table>;
export type ColumnInput = z.output<typeof column>;
export type RuleInput = z.output<typeof rule>;

const name = z.string().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()], {
  error: 'it has to be a text, a number, true or false',
});

const duration = z
  .string()
  .refine(
    (text) => parseDuration(text) !== undefined,
    'a duration is written as in ISO 8601, such as PT26H or PT5M',
  );

const limitForm = 'write a share such as 5%, or a number of rows';
const limit = z.union([z.int().min(0), z.string().regex(/^\d{1,3}(\.\d+)?%$/, limitForm)], {
  error: limitForm,
});

const cron = z
  .string()
  .refine(isCronPattern, 'it has to be a cron pattern of five fields, such as 0 2 * * *')
  .describe('Minute, hour, day of the month, month and day of the week, as cron has them.');

const timeZone = z
  .string()
  .refine(isTimeZone, 'there is no such time zone; write one such as Europe/Berlin')
  .describe('The IANA time zone that the pattern is meant in; UTC by default.');

const schedule = z
  .strictObject({ cron: cron.default('0 2 * * *'), timeZone: timeZone.optional() })
  .describe('When the table is synced; every night at two o’clock by default.');

const folder = z
  .strictObject({
    path: name.describe('The folder that files are dropped into, from the project’s own folder.'),
    format: z.enum(['csv', 'ndjson', 'parquet']).describe('What the files are written in.'),
    pattern: name
      .optional()
      .describe(
        'Which files are taken, with * for any characters; by the format’s ending by default.',
      ),
    csv: z
      .strictObject({
        delimiter: z.string().length(1).default(',').describe('What stands between two values.'),
        quote: z.string().length(1).default('"').describe('What stands around a value.'),
        encoding: z
          .enum(['utf-8', 'latin-1', 'utf-16'])
          .default('utf-8')
          .describe('How characters are written.'),
      })
      .prefault({})
      .describe('How CSV is written. Its first line names the columns.'),
    snapshot: z
      .boolean()
      .default(false)
      .describe(
        'Whether each file has all rows that there are; one called *.snapshot.* always has.',
      ),
  })
  .describe('Files that are dropped into a folder, each taken once, in the order of their names.');

const page = z
  .strictObject({
    kind: z.enum(['cursor', 'number', 'link', 'none']).describe('How the next page is asked for.'),
    parameter: name.optional().describe('The query parameter of the cursor or of the number.'),
    nextCursor: name.optional().describe('Where an answer has the next cursor, such as meta.next.'),
    first: z.int().min(0).default(1).describe('The number of the first page.'),
    size: z.int().min(1).optional().describe('Rows of a page.'),
    sizeParameter: name.default('limit').describe('The query parameter of the size.'),
  })
  .refine(
    ({ kind, parameter }) => parameter !== undefined || !['cursor', 'number'].includes(kind),
    {
      message: 'pages by cursor or number need a parameter',
    },
  )
  .refine(({ kind, nextCursor }) => nextCursor !== undefined || kind !== 'cursor', {
    message: 'pages by cursor need nextCursor',
  });

const http = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).describe('Where rows are asked for, with GET.'),
    since: name.optional().describe('The query parameter that says since when rows are wanted.'),
    page: page.prefault({ kind: 'none' }).describe('How the answer is divided.'),
    rows: z.string().default('').describe('Where an answer has its rows, such as data.items.'),
    headers: z
      .record(z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/), z.string())
      .default({})
      .describe('Headers that are sent along.'),
    timeoutMs: z.int().min(1).max(3_600_000).default(30_000).describe('For one page.'),
  })
  .describe('JSON that an HTTP server gives.');

const postgres = z
  .strictObject({
    url: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'it has to begin with postgres://')
      .describe('Where the database is: postgres://user:password@host:port/database.'),
    table: name.describe('The table or view, with its schema: public.account.'),
    timeoutMs: z.int().min(1).max(86_400_000).default(600_000).describe('For the whole reading.'),
  })
  .describe('A table of a PostgreSQL database.');

const source = z
  .strictObject({
    folder: folder.optional(),
    http: http.optional(),
    postgres: postgres.optional(),
    push: z.literal(true).optional().describe('The tool sends its rows to POST /sync/<domain>.'),
  })
  .refine((one) => Object.values(one).filter((value) => value !== undefined).length === 1, {
    message: 'it has to be one of folder, http, postgres and push',
  })
  .describe('Where the rows come from.');

const columnForm = z.strictObject({
  from: name.optional().describe('The column of the source; that of the same name by default.'),
  trim: z.boolean().default(false).describe('Whether blanks around a value are taken away.'),
  nullIf: z.array(scalar).default([]).describe('Texts that mean that there is no value.'),
  map: z
    .record(z.string(), scalar)
    .default({})
    .describe('What texts of the source are in the lake.'),
  default: scalar.optional().describe('What stands in where there is no value.'),
});

const column = z
  .union([name, columnForm])
  .describe('The column of the source, or how its values become those of the lake.');

const rule = z
  .strictObject({
    column: name.describe('The column of the lake.'),
    notNull: z.literal(true).optional().describe('There has to be a value.'),
    pattern: name.optional().describe('A regular expression (RE2) that the text has to match.'),
    range: z
      .strictObject({
        min: z.union([z.number(), z.string()]).optional().describe('The least value.'),
        max: z.union([z.number(), z.string()]).optional().describe('The greatest value.'),
      })
      .optional()
      .describe('The least and the greatest value.'),
    in: z.array(scalar).min(1).optional().describe('The only values.'),
    unique: z.literal(true).optional().describe('No two rows may have the same value.'),
    reference: name.optional().describe('The entity whose id the value has to be.'),
  })
  .refine((one) => Object.values(one).filter((value) => value !== undefined).length === 2, {
    message: 'a rule is one of notNull, pattern, range, in, unique and reference',
  });

const table = z
  .strictObject({
    source,
    schedule: schedule.optional(),
    key: z
      .record(z.string(), name)
      .default({})
      .describe('Columns of the key in the lake, and those of the source.'),
    columns: z
      .record(z.string(), column)
      .optional()
      .describe(
        'Columns of the lake and where they come from; all, by the same names, by default.',
      ),
    watermark: z
      .strictObject({
        column: name.describe('The column of the source that grows with every change of a row.'),
        type: z
          .enum(['timestamp', 'integer'])
          .default('timestamp')
          .describe('Whether it is a point in time or a counter.'),
        overlap: z
          .union([duration, z.int().min(0)], {
            error: 'write a duration such as PT5M, or a number for a counter',
          })
          .optional()
          .describe(
            'How far back reading begins, for rows that come late; PT5M, or 0, by default.',
          ),
      })
      .optional()
      .describe('How it is told which rows are new, and which of two states is the newer one.'),
    tombstone: z
      .strictObject({
        column: name.describe('The column of the source that marks rows that are gone.'),
        equals: z
          .union([scalar, z.array(scalar).min(1)])
          .optional()
          .describe('The value that marks them; any value does by default.'),
      })
      .optional()
      .describe('How it is told that a row is gone.'),
    rules: z
      .array(rule)
      .default([])
      .describe('What a row has to keep to; one that does not goes to quarantine.'),
    threshold: limit
      .default('50%')
      .describe('More bad rows than this stop a run: nothing is taken over.'),
    removals: limit
      .default('50%')
      .describe('A snapshot that would remove more rows than this is refused.'),
    reconcile: schedule.optional().describe('When a full snapshot is taken instead of a delta.'),
    objective: duration.optional().describe('How old the data in the lake may be, such as PT26H.'),
  })
  .describe('How one table of the lake is kept up to date.');

export const declarationSchema = z.strictObject({
  schedule: schedule.optional().describe('The schedule of tables that have none of their own.'),
  tables: z.record(z.string(), table).describe('Tables of this domain in the lake.'),
});

/** The JSON Schema of `sync.yaml`, as `docs/sync.schema.json` publishes it to editors. */
export function declarationJsonSchema(): z.core.JSONSchema.BaseSchema {
  const { $schema, ...rest } = z.toJSONSchema(declarationSchema, { io: 'input' });
  return {
    ...($schema === undefined ? {} : { $schema }),
    title: 'sync.yaml',
    description: 'How the tables of a domain are kept up to date from its own tools.',
    ...rest,
  };
}
