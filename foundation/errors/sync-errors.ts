import type { CatalogueEntry } from './catalogue-entry.ts';

/** Syncs of domains. */
export const syncErrors = {
  // What a domain declares in its sync.yaml.
  SYNC_FILE_INVALID: {
    audience: 'operator',
    status: 500,
    message: 'The declaration of a sync cannot be read: {problem}',
    hint: 'See docs/sync-a-domain.md for how a sync.yaml is written.',
  },
  SYNC_KEY_UNKNOWN: {
    audience: 'operator',
    status: 500,
    message: '{place} has no key "{key}". {advice}',
    hint: 'docs/sync.schema.json has all keys, and editors can check a file by it.',
  },
  SYNC_SETTING_INVALID: {
    audience: 'operator',
    status: 500,
    message: '{setting} is not valid: {problem}.',
    hint: 'docs/sync-a-domain.md says what may stand there.',
  },
  SYNC_VARIABLE_UNSET: {
    audience: 'operator',
    status: 500,
    message: 'The environment variable {variable} is not set.',
    hint: 'Set it, or write a default behind its name, after a colon and a minus sign.',
  },
  SYNC_TABLE_UNKNOWN: {
    audience: 'operator',
    status: 500,
    message: 'No type of {domain} is kept in a table "{table}". {advice}',
    hint: 'Name a table of this domain, as its @table or the name of its type in snake_case says.',
  },
  SYNC_TABLE_LIVE: {
    audience: 'operator',
    status: 500,
    message: '{domain}.{table} holds identities of {entity}, which no sync may change.',
    hint: 'Identities change by mutations and by events of tools. Sync the tables of other domains.',
  },
  SYNC_COLUMN_UNKNOWN: {
    audience: 'operator',
    status: 500,
    message: '{domain}.{table} has no column "{column}". {advice}',
    hint: 'Name a column that the mapping of the domain reads.',
  },

  // What a run meets.
  SYNC_SOURCE_COLUMN_MISSING: {
    audience: 'operator',
    status: 500,
    message: '{source} has no column "{column}". {advice}',
    hint: 'Mend the name in sync.yaml, or the source.',
  },
  SYNC_FOLDER_MISSING: {
    audience: 'operator',
    status: 500,
    message: 'There is no folder {folder}.',
    hint: 'Mend `path` in sync.yaml, where a relative path begins at the folder of supergraph.yaml, or make the folder.',
  },
  SYNC_FILE_UNREADABLE: {
    audience: 'operator',
    status: 500,
    message: 'The file {file} cannot be read: {problem}',
    hint: 'Mend or remove the file. Until then, it and the files after it are not taken.',
  },
  SYNC_SOURCE_UNREACHABLE: {
    audience: 'operator',
    status: 502,
    message: '{source} does not answer: {problem}',
    hint: 'Check the address in sync.yaml, and that the source runs and can be reached from here.',
  },
  SYNC_SOURCE_REFUSED: {
    audience: 'operator',
    status: 502,
    message: '{source} refuses to give rows: {problem}',
    hint: 'Check the address, the credentials and the names in sync.yaml.',
  },
  SYNC_SOURCE_ANSWER_INVALID: {
    audience: 'operator',
    status: 502,
    message: '{source} does not give rows as sync.yaml says: {problem}',
    hint: 'Compare an answer of the source with `rows` and `page` in sync.yaml.',
  },
  SYNC_TOO_MANY_BAD_ROWS: {
    audience: 'operator',
    status: 500,
    message:
      '{bad} of {read} rows are bad, and {limit} at most may be. By rule: {rules}. The first: {examples}.',
    hint: 'Nothing of them was taken over. Mend the source, or the mapping and the rules in sync.yaml.',
  },
  SYNC_TOO_MANY_REMOVALS: {
    audience: 'operator',
    status: 500,
    message:
      'The snapshot lacks {missing} of the {present} rows that the lake has, and {limit} at most may go at once.',
    hint: 'Nothing was removed. If they are really gone, raise `removals` in sync.yaml for this run.',
  },
  SYNC_STOPPED: {
    audience: 'operator',
    status: 503,
    message: 'The sync was stopped, since the server is going down.',
    hint: 'It goes on with the next start.',
  },

  // What somebody asks of the syncs and the quarantine.
  DOMAIN_UNKNOWN: {
    audience: 'client',
    status: 404,
    message: 'There is no domain "{domain}".{suggestion}',
    hint: 'The domains are: {known}.',
  },

  // What a tool pushes.
  SYNC_PUSH_UNKNOWN: {
    audience: 'client',
    status: 404,
    message: 'No table {name} takes pushed rows. {advice}',
    hint: 'A table takes them when its source in sync.yaml is `push: true`.',
  },
  SYNC_PUSH_AMBIGUOUS: {
    audience: 'client',
    status: 400,
    message: 'Several tables of {domain} take pushed rows: {tables}.',
    hint: 'Name one of them: POST /sync/DOMAIN/TABLE.',
  },
  SYNC_PUSH_INVALID: {
    audience: 'client',
    status: 422,
    message: 'The rows cannot be read. {problems}',
    hint: 'Send one JSON object a line. Nothing of what was sent is kept.',
  },
  SYNC_PUSH_BROKEN_OFF: {
    audience: 'client',
    status: 400,
    message: 'The rows broke off before their end, after {rows} of them.',
    hint: 'Nothing of them is kept: send all of them again.',
  },
  SYNC_PUSH_BUSY: {
    audience: 'client',
    status: 503,
    message: 'As many tools as may push rows at once, {limit}, are doing so.',
    hint: 'Try again in a minute.',
  },
} as const satisfies Record<string, CatalogueEntry>;
