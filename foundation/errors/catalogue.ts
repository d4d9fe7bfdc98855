import type { CatalogueEntry } from './catalogue-entry.ts';
import { documentErrors } from './document-errors.ts';
import { eventErrors } from './event-errors.ts';
import { limitErrors } from './limit-errors.ts';
import { ledgerErrors } from './ledger-errors.ts';
import { motionErrors } from './motion-errors.ts';
import { remoteErrors } from './remote-errors.ts';
import { syncErrors } from './sync-errors.ts';
import { telemetryErrors } from './telemetry-errors.ts';

export type { CatalogueEntry } from './catalogue-entry.ts';

/**
 * Every error that Tributary can raise, in one place: where an error's text lives.
 *
 * `{name}` in a message or hint is a parameter; `raise` demands exactly these. `docs/errors.md` is generated from
 * this file. `audience` says who may read the text: a `client` error is shown to the caller as it is; an `operator`
 * error is printed where the program was started, and masked when a request runs into it.
 */
export const catalogue = {
  // Anything that nobody foresaw.
  INTERNAL_SERVER_ERROR: {
    audience: 'client',
    status: 500,
    message: 'Something went wrong inside the gateway (correlation id {correlationId}).',
    hint: 'Give the correlation id to the operator of this server: the log holds the whole error under it.',
  },

  // What the operating system refuses, wherever no other entry knows more about it.
  FILE_REFUSED: {
    audience: 'operator',
    status: 500,
    message: 'The operating system refused a file: {problem}',
    hint: 'Check that the path leads to what it should, that this user may read and write it, and that the disk has room.',
  },

  // The web page for people.
  CONSOLE_NOT_BUILT: {
    audience: 'operator',
    status: 500,
    message: 'The GraphiQL page was not built: {file} is missing.',
    hint: 'Run `npm run build`, then start the server again.',
  },

  // A domain's schema and its mapping.
  SCHEMA_SYNTAX: {
    audience: 'operator',
    status: 500,
    message: 'The schema cannot be read: {problem}',
    hint: 'Mend the GraphQL syntax at this place.',
  },
  SCHEMA_ROOT_RENAMED: {
    audience: 'operator',
    status: 500,
    message: 'A root type of this schema is called {name}.',
    hint: 'Call it {expected}, as all subgraphs do: the names are the same in the whole graph anyway.',
  },
  DOMAIN_NAME_INVALID: {
    audience: 'operator',
    status: 500,
    message: 'A subgraph cannot be called "{name}".',
    hint: 'Use lower-case letters, digits, "-" and "_", beginning with a letter.',
  },
  DOMAIN_NAME_RESERVED: {
    audience: 'operator',
    status: 500,
    message: 'A domain cannot be called "{name}": that schema of the lake is not for domains.',
    hint: 'Give the subgraph another name in supergraph.yaml.',
  },
  MAPPING_EXPRESSION_INVALID: {
    audience: 'operator',
    status: 500,
    message: 'The expression `{expression}` cannot be read: {problem}.',
    hint: 'An expression is made of columns, constants, ||, + - * /, cast, case, coalesce, nullif, lower, upper, trim, concat, and sum, count, min, max or avg of a related table.',
  },
  MAPPING_FIELD_SHAREABLE: {
    audience: 'operator',
    status: 500,
    message:
      '{field} is kept in the lake by {domain} and marked @shareable, but a field has one owner.',
    hint: 'Remove @shareable. The gateway serves the field from the lake as well, and sees to the sharing itself.',
  },
  MAPPING_INTERFACE_OBJECT: {
    audience: 'operator',
    status: 500,
    message:
      '{type} is an @interfaceObject and has @table, but rows of the lake belong to one type.',
    hint: 'Move @table and its fields to the object type that implements {type}, or remove @table and let resolvers.ts compute the fields.',
  },
  MAPPING_PROVIDES: {
    audience: 'operator',
    status: 500,
    message:
      '{field} is a @relation with @provides, but the row that it leads to is not of this domain.',
    hint: 'Remove @provides: fields of all domains come from the lake in one fetch. A @computed field may provide what its resolver returns.',
  },
  MAPPING_NAME_INVALID: {
    audience: 'operator',
    status: 500,
    message: '{field} cannot be mapped to the name "{name}": {problem}.',
    hint: 'Give another name, as in @column(name: "...") or @table(name: "..."). Quotes, spaces and reserved words are all right.',
  },
  MAPPING_COLUMN_AMBIGUOUS: {
    audience: 'operator',
    status: 500,
    message: '{field} has a @column with both name and from.',
    hint: 'Keep name for a plain column, or from for an expression.',
  },
  MAPPING_TYPE_UNKNOWN: {
    audience: 'operator',
    status: 500,
    message: '{field} declares the column type "{type}", which there is not.',
    hint: 'Use VARCHAR, INTEGER, BIGINT, DOUBLE, BOOLEAN, TIMESTAMPTZ, DATE, DECIMAL(precision,scale), or one of them with [].',
  },
  MAPPING_TYPE_MISMATCH: {
    audience: 'operator',
    status: 500,
    message: '{field} is a {type}, which a column of the type {column} cannot be written as.',
    hint: 'Declare a column type that fits, or convert the value, as in @column(from: "cast(… as …)") without type.',
  },
  MAPPING_DECIMAL_SCALE: {
    audience: 'operator',
    status: 500,
    message: '{field} is a Decimal without a declared scale.',
    hint: 'Declare it, as in @column(type: "DECIMAL(18,2)"): at most 18 digits, two of them after the point.',
  },
  MAPPING_RELATION_MISSING: {
    audience: 'operator',
    status: 500,
    message: '{field} leads to the type {type}, and nothing says how.',
    hint: 'Add @relation(columns: [...]) with the columns that hold the key, or @computed and a resolver in resolvers.ts.',
  },
  MAPPING_SCALAR_UNKNOWN: {
    audience: 'operator',
    status: 500,
    message: '{field} has the type {type}, which no column of the lake can hold. {advice}',
    hint: 'Use a known scalar or an enum of this schema, or add @computed and a resolver in resolvers.ts.',
  },
  MAPPING_RELATED_TABLE_UNKNOWN: {
    audience: 'operator',
    status: 500,
    message: '{field} sums up the table {table}, which the type does not name as related. {advice}',
    hint: 'Add @related(table: "{table}", columns: [...]) to the type, with the columns of {table} that hold its key.',
  },
  MAPPING_RELATED_INVALID: {
    audience: 'operator',
    status: 500,
    message: '{type} cannot sum up the related table {table}: {problem}.',
    hint: '@related names each table once, with one of its columns for each field of the key.',
  },
  MAPPING_DEFAULT_INVALID: {
    audience: 'operator',
    status: 500,
    message: '{field} cannot have the default "{value}".',
    hint: 'Write it as it is written in an answer, as a string: "BRONZE", "0", "12.50", "true"; or null.',
  },
  MAPPING_DEFAULT_MISSING: {
    audience: 'operator',
    status: 500,
    message: '{field} is non-null, but a {type} may well have no row in {domain}.',
    hint: 'Declare what stands there then, as in @column(default: "0"), or make the field nullable.',
  },
  MAPPING_KEY_MISSING: {
    audience: 'operator',
    status: 500,
    message: '{type} has a table, and no @key.',
    hint: 'Add @key(fields: "id"), with the fields by which the entity is known in every domain.',
  },
  MAPPING_KEY_INVALID: {
    audience: 'operator',
    status: 500,
    message: '{type} cannot have the key "{fields}".',
    hint: 'The key of a type with a table names scalar fields of that type, each kept in a column of its own; nested keys are for types without a table.',
  },
  MAPPING_KEY_DIFFERS: {
    audience: 'operator',
    status: 500,
    message:
      '{domain} cannot join its {type} to the identity: the key there is "{fields}" ({types}).',
    hint: 'Give {type} the same @key in {domain}, with columns of the same types.',
  },
  MAPPING_COLUMN_TYPE_CONFLICT: {
    audience: 'operator',
    status: 500,
    message: 'The column {column} of {table} has one type for {field} and another for {other}.',
    hint: 'Declare the same type in both, as in @column(type: "BIGINT"), or convert one with @column(from: "cast(…)").',
  },
  MAPPING_RELATION_INVALID: {
    audience: 'operator',
    status: 500,
    message: '{field} cannot lead to {target}: {problem}.',
    hint: 'A relation names one column for each field of the key that it goes by; to many it needs a type with a table in the same domain.',
  },
  MAPPING_RELATION_COLUMN: {
    audience: 'operator',
    status: 500,
    message: '{field} leads to another entity, so that its @column has nothing to say of it.',
    hint: 'Name the columns in @relation(columns:). Only @column(default: null) may stand beside it, which says that the columns are new.',
  },
  ENTITY_WITHOUT_IDENTITY: {
    audience: 'operator',
    status: 500,
    message: 'Several domains ({domains}) hold a part of {type}, and none says which ones exist.',
    hint: 'Add @identity(fields: "...") to {type} in the domain that does, with the only fields that it may hold.',
  },
  ENTITY_WITH_TWO_IDENTITIES: {
    audience: 'operator',
    status: 500,
    message: 'More than one domain ({domains}) claims to say which {type} exist.',
    hint: 'Leave @identity in one of them.',
  },
  IDENTITY_NOT_LEAN: {
    audience: 'operator',
    status: 500,
    message: 'The identity of {type} is lean ({fields}), and {field} is not one of its fields.',
    hint: 'Give {field} to the domain that owns the fact: a schema with a {type} and this field in that folder under subgraphs/.',
  },
  IDENTITY_FIELD_UNKNOWN: {
    audience: 'operator',
    status: 500,
    message:
      'The identity of {type} lists the field {field}, which the type does not have. {advice}',
    hint: 'Mend @identity(fields:).',
  },
  FIELD_HAS_TWO_OWNERS: {
    audience: 'operator',
    status: 500,
    message: '{type}.{field} has two owners: {first} ({firstPlace}) and {second} ({secondPlace}).',
    hint: 'If it is one fact, leave it to one of them, and let the other move it with @override or read it with @external. If each has a fact of its own, name them apart: {firstName} and {secondName}.',
  },

  // The lake.
  LAKE_LOCKED: {
    audience: 'operator',
    status: 500,
    message: 'The lake in {directory} is open in process {pid}, and only one process may open it.',
    hint: 'Stop process {pid} first, or choose another directory with --data. If that process is not Tributary, remove {file}.',
  },
  DATA_UNUSABLE: {
    audience: 'operator',
    status: 500,
    message: 'The data directory {directory} cannot be used: {problem}.',
    hint: 'Name a folder that this user may write to with --data, or give the user the right to.',
  },
  LAKE_MISSING: {
    audience: 'operator',
    status: 500,
    message: 'There is no lake in {directory}.',
    hint: 'Name the data directory with --data, or serve the project once, which makes its lake{otherwise}.',
  },
  LAKE_UNREADABLE: {
    audience: 'operator',
    status: 500,
    message: 'The lake file {file} cannot be opened: {reason}',
    hint: 'Check that the file is a lake of this program, that it can be written, and that the disk has room.',
  },
  LAKE_NEWER: {
    audience: 'operator',
    status: 500,
    message:
      'The lake in {directory} has schema version {found}; this program knows versions up to {known}.',
    hint: 'Run the newer version of Tributary that wrote it, or choose another directory with --data. Nothing was changed.',
  },
  LAKE_MIGRATION_FAILED: {
    audience: 'operator',
    status: 500,
    message: 'The lake could not be brought to schema version {version} ({name}): {reason}',
    hint: 'The lake is still at the version before; mend the cause and start again.',
  },
  LAKE_CLOSED: {
    audience: 'operator',
    status: 503,
    message: 'The lake is closed, or about to close.',
    hint: 'Finish all work on the lake before closing it.',
  },
  LAKE_READ_ONLY: {
    audience: 'operator',
    status: 500,
    message: 'A statement that reads the lake must be a SELECT, and this one is not: {statement}',
    hint: 'This is a fault of the program. Report it with the statement.',
  },
  LAKE_QUERY_FAILED: {
    audience: 'operator',
    status: 500,
    message: 'The lake could not answer a statement: {reason}',
    hint: 'The statement was: {statement}',
  },
  LAKE_WRITE_FAILED: {
    audience: 'operator',
    status: 500,
    message: 'A statement failed and its transaction was rolled back: {reason}',
    hint: 'The statement was: {statement}',
  },
  LAKE_COMMIT_FAILED: {
    audience: 'operator',
    status: 500,
    message: 'A transaction could not be committed and was rolled back: {reason}',
    hint: 'Nothing of it was kept. Try it again once the cause is gone.',
  },
  LAKE_TRANSACTION_OVER: {
    audience: 'operator',
    status: 500,
    message: 'A statement was given to a transaction that is over: {statement}',
    hint: 'This is a fault of the program. Report it with the statement.',
  },
  LAKE_APPEND_INVALID: {
    audience: 'operator',
    status: 500,
    message: 'Rows cannot be appended to {table}: {problem}',
    hint: 'Name columns that the table has, and give each of them one value a row.',
  },
  LAKE_TIMEOUT: {
    audience: 'client',
    status: 504,
    message: 'The question took longer than {timeoutMs} ms and was stopped.',
    hint: 'Ask for less at once: narrow it down with a filter, take smaller pages, follow fewer relations. The operator can raise graph.limits.timeoutMs.',
  },
  LAKE_OUT_OF_MEMORY: {
    audience: 'client',
    status: 503,
    message: 'The question needs more memory than the lake may use.',
    hint: 'Ask for less at once: narrow it down with a filter, take smaller pages, group by less. The operator can raise lake.memoryLimitMb.',
  },
  LAKE_CANCELLED: {
    audience: 'client',
    status: 499,
    message: 'The question was cancelled before the lake had answered it.',
    hint: 'Keep the connection open until the answer has come.',
  },
  LAKE_TABLE_MISSING: {
    audience: 'operator',
    status: 500,
    message: '{field} is mapped to the table {table}, which the lake does not have. {advice}',
    hint: 'Name the table in @table(name:) as the lake spells it, or load the domain first.',
  },
  MAPPING_COLUMN_MISSING: {
    audience: 'operator',
    status: 500,
    message:
      '{field} reads the column {column} of {table}, which the table does not have. {advice}',
    hint: 'Correct the name in @column or @relation. If the column is new, say @column(default: null), also beside @relation: then it is added, and the next sync or the seed file fills it.',
  },
  MAPPING_COLUMN_TYPE: {
    audience: 'operator',
    status: 500,
    message:
      '{field} reads the column {column} of {table} as {expected}, but the lake holds {actual}.',
    hint: 'Declare the column\'s own type with @column(type: "{actual}"), or convert it with a cast in `from`. To change the type in the lake, map a new column: see "Changing a domain" in docs/mapping.md.',
  },

  // A domain's resolvers, and what is asked of its subgraph.
  RESOLVERS_FAILED: {
    audience: 'operator',
    status: 500,
    message: 'The resolvers of {domain} cannot be loaded: {problem}',
    hint: 'Mend the file. It is run as it is when the domain is loaded.',
  },
  RESOLVERS_NOT_EXPORTED: {
    audience: 'operator',
    status: 500,
    message: 'The resolvers of {domain} are not exported: {problem}.',
    hint: 'End the file with `export default` and an object that holds, by type and then by field, the functions that compute the fields.',
  },
  RESOLVER_MISSING: {
    audience: 'operator',
    status: 500,
    message: '{coordinate} of {domain} is computed, and nothing computes it. {advice}',
    hint: 'Add a function for it to {file}, or remove what makes it computed (@computed, @requires, arguments).',
  },
  RESOLVER_UNKNOWN: {
    audience: 'operator',
    status: 500,
    message: 'The resolvers of {domain} have {coordinate}, and {problem}.',
    hint: '{advice}',
  },
  REFERENCE_WITHOUT_KEY: {
    audience: 'client',
    status: 400,
    message: 'A representation of {type} came without any of its keys ("{keys}").',
    hint: 'Send the fields of one key beside __typename.',
  },

  // Values as answers write them.
  WIRE_TYPE_MISMATCH: {
    audience: 'client',
    status: 500,
    message: 'The stored value {value} cannot be written as {type}.',
    hint: 'The domain that owns the field has to mend its mapping: a column of another type, or a cast.',
  },
  WIRE_INT_RANGE: {
    audience: 'client',
    status: 500,
    message: 'The stored value {value} does not fit into an Int, which has 32 bits.',
    hint: 'The domain that owns the field has to declare it as BigInt.',
  },
  WIRE_NOT_FINITE: {
    audience: 'client',
    status: 500,
    message: 'The stored value {value} is no number that JSON can hold.',
    hint: 'The domain that owns the field has to mend the value.',
  },
  WIRE_DECIMAL_INEXACT: {
    audience: 'client',
    status: 500,
    message: 'The stored value {value} cannot be written as a JSON number without loss.',
    hint: 'Ask for decimals as strings: with the request header `x-tributary-decimals: string`, or for every request with the setting `graph.decimals: string`.',
  },
  WIRE_ENUM_VALUE: {
    audience: 'client',
    status: 500,
    message: 'The stored value {value} is not one of the enum {name}.',
    hint: 'The domain that owns the field has to mend the value, add it to the enum, or map it with @column(from: "case … end").',
  },
  WIRE_TIME_RANGE: {
    audience: 'client',
    status: 500,
    message:
      'The stored value {value} cannot be written as {type}, which knows the years 0001 to 9999.',
    hint: 'The domain that owns the field has to mend the value; null stands for "never" or "not known".',
  },
  WIRE_NULL_ITEM: {
    audience: 'client',
    status: 500,
    message: 'The stored list holds a null, and the field declares that it holds none.',
    hint: 'The domain that owns the field has to mend the list, or declare its items as nullable.',
  },
  WIRE_INPUT_INVALID: {
    audience: 'client',
    status: 400,
    message: '{value} is not a {type}.',
    hint: 'Write it as {form}.',
  },

  // The list of subgraphs, and their composition.
  SUPERGRAPH_CONFIG_UNREADABLE: {
    audience: 'operator',
    status: 500,
    message: 'The list of subgraphs {file} cannot be read: {problem}.',
    hint: 'Run the command in the folder of supergraph.yaml, or name that folder with --project.',
  },
  SUPERGRAPH_CONFIG_SYNTAX: {
    audience: 'operator',
    status: 500,
    message: 'The list of subgraphs is not valid YAML: {problem}',
    hint: 'Mend the YAML at this place.',
  },
  SUPERGRAPH_CONFIG_UNKNOWN_KEY: {
    audience: 'operator',
    status: 500,
    message: '{place} cannot have the key "{key}".',
    hint: '{advice}',
  },
  SUPERGRAPH_CONFIG_INVALID: {
    audience: 'operator',
    status: 500,
    message: '{name} is not valid: {problem}.',
    hint: '{advice}',
  },
  SUPERGRAPH_VARIABLE_UNSET: {
    audience: 'operator',
    status: 500,
    message: 'The environment variable {variable} is not set.',
    hint: 'Set it, or give a default in supergraph.yaml: behind the name, after ":-".',
  },
  FEDERATION_VERSION_UNSUPPORTED: {
    audience: 'operator',
    status: 500,
    message: 'The version of federation "{version}" is not supported.',
    hint: 'Write 2, or an exact version such as =2.9.0, up to {latest}.',
  },
  SUBGRAPH_NAME_INVALID: {
    audience: 'operator',
    status: 500,
    message: 'A subgraph cannot be called "{name}".',
    hint: 'Use letters, digits, "-" and "_", at most 64, beginning with a letter. Names that begin with "_", such as _hub, are reserved for the gateway.',
  },
  SCHEMA_FILE_UNREADABLE: {
    audience: 'operator',
    status: 500,
    message: 'The schema of {name}, {file}, cannot be read: {problem}.',
    hint: 'Mend the path, which starts at the folder of supergraph.yaml, or remove the subgraph from the list.',
  },
  SUBGRAPH_SCHEMA_UNREACHABLE: {
    audience: 'operator',
    status: 500,
    message: 'The schema of {name} cannot be fetched from {url}: {problem}.',
    hint: 'Start the subgraph, mend schema.subgraph_url, or keep a copy of the schema and name it with schema.file.',
  },
  SUBGRAPH_NOT_FEDERATION_2: {
    audience: 'operator',
    status: 500,
    message: 'The schema of {name} does not link Federation 2.',
    hint: 'Begin it with: extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])',
  },
  MAPPING_DIRECTIVE_UNDECLARED: {
    audience: 'operator',
    status: 500,
    message: 'The schema uses @{directive} and does not declare it.',
    hint: 'Add this line to the schema: {declaration}',
  },
  MAPPING_DIRECTIVE_DIFFERS: {
    audience: 'operator',
    status: 500,
    message: 'The schema declares @{directive} in a way of its own.',
    hint: 'Declare it as it is: {declaration}',
  },
  SUBGRAPH_INVALID: {
    audience: 'operator',
    status: 500,
    message: 'The schema of {name} is not valid.\n{problems}',
    hint: '{advice}',
  },
  COMPOSITION_FAILED: {
    audience: 'operator',
    status: 500,
    message: 'The subgraphs do not compose into one graph.\n{problems}',
    hint: '{advice}',
  },

  // What the command line asks a graph.
  QUESTION_UNREADABLE: {
    audience: 'operator',
    status: 500,
    message: 'The operation in {file} cannot be read: {problem}.',
    hint: 'Name a file with a GraphQL operation, or - for standard input.',
  },
  QUESTION_EMPTY: {
    audience: 'operator',
    status: 500,
    message: 'There is no operation in {source}.',
    hint: 'Write a GraphQL operation into a file and name it, or send it by standard input.',
  },
  SERVER_NOT_ASKED: {
    audience: 'operator',
    status: 500,
    message: 'The server at {url} did not answer as a graph does: {problem}',
    hint: 'Name the address at which it answers GraphQL, such as http://127.0.0.1:4000/graphql.',
  },
  LAKE_IN_USE: {
    audience: 'operator',
    status: 500,
    message: '{problem}',
    hint: 'If that process serves this graph, ask it: add --url {url}. Or name the data directory of another lake with --data.',
  },

  // Generated data.
  SEED_OPTION_INVALID: {
    audience: 'operator',
    status: 500,
    message: 'No data can be generated with {name} = {value}.',
    hint: 'Give a whole number from {least} to {most}.',
  },

  // Configuration.
  CONFIG_UNREADABLE: {
    audience: 'operator',
    status: 500,
    message: 'The file {file} cannot be read: {problem}.',
    hint: 'Make the file readable for the user that runs the server, or remove it to use the defaults.',
  },
  CONFIG_SYNTAX: {
    audience: 'operator',
    status: 500,
    message: 'The configuration is not valid YAML: {problem}',
    hint: 'Mend the YAML at this place.',
  },
  CONFIG_UNKNOWN_KEY: {
    audience: 'operator',
    status: 500,
    message: 'There is no setting "{setting}".',
    hint: '{suggestion} docs/config.schema.json lists every setting.',
  },
  CONFIG_UNKNOWN_VARIABLE: {
    audience: 'operator',
    status: 500,
    message: 'The environment variable {variable} names no setting.',
    hint: '{suggestion} A variable is TRIBUTARY_ and the path of the setting, such as TRIBUTARY_SERVER_PORT for server.port.',
  },
  CONFIG_INVALID: {
    audience: 'operator',
    status: 500,
    message: '{setting} {problem}.',
    hint: 'What it is for: {meaning}',
  },

  // Who is calling.
  UNAUTHENTICATED: {
    audience: 'client',
    status: 401,
    message: 'The caller is not known: {problem}.',
    hint: 'Send an API key in `x-api-key` or as `Authorization: Bearer KEY`; the operator of this server makes one with `tributary key create`.',
  },
  SUBGRAPHS_CLOSED: {
    audience: 'client',
    status: 403,
    message: 'This server does not serve its subgraphs to other machines.',
    hint: 'The operator opens them to federation routers with the setting subgraphs.routerSecret.',
  },
  KEY_SET_UNAVAILABLE: {
    audience: 'client',
    status: 503,
    message: "The token cannot be checked now: the issuer's key set cannot be fetched.",
    hint: 'Try again in a moment. The operator finds the cause in the log.',
  },
  KEY_SET_INVALID: {
    audience: 'operator',
    status: 500,
    message: 'The key set (JWKS) {source} cannot be used: {problem}',
    hint: 'access.jwt has to point to a JSON document with the public keys of the issuer, as a list under "keys".',
  },
  ACCESS_RULE_INVALID: {
    audience: 'operator',
    status: 500,
    message:
      'The access rule of {place} in the supergraph cannot be enforced as it stands: {problem}.',
    hint: 'Write scopes and policies as texts in lists that are not empty, each directive once, and link the specifications of @authenticated, @requiresScopes and @policy; then compose again.',
  },
  ACCESS_RULES_UNSUPPORTED: {
    audience: 'operator',
    status: 500,
    message:
      'The supergraph says who may read {coordinates}, and this server does not enforce that: everybody would read it.',
    hint: 'Take @authenticated, @requiresScopes and @policy out; or serve each subgraph with `tributary subgraph NAME`, behind a router that enforces them, such as `tributary serve --supergraph FILE`.',
  },
  POLICIES_CLAIM_MISSING: {
    audience: 'operator',
    status: 500,
    message:
      'The supergraph asks callers for policies ({coordinates}), and no setting says where it stands which ones a caller holds.',
    hint: 'Name in access.jwt.policiesClaim the claim of tokens that lists the policies of their bearer; or take @policy out of the supergraph.',
  },
  UNAUTHORIZED_FIELD_OR_TYPE: {
    audience: 'client',
    status: 403,
    message: '{field} was left out, since this caller may not read it. Needed: {needs}.',
    hint: 'Send a credential, or one that grants this. Scopes are those of the claims scope and scp of a JSON Web Token; an API key has none.',
  },
  KEY_NAME_INVALID: {
    audience: 'operator',
    status: 500,
    message: 'An API key cannot be called "{name}".',
    hint: 'Give it a name of 1 to 100 characters, without line breaks or other control characters, that says who uses it. The names local, router and tributary are taken, and so are those that begin with subject:.',
  },
  KEY_NOT_FOUND: {
    audience: 'operator',
    status: 500,
    message: 'There is no API key with the id "{id}".',
    hint: '{suggestion} `tributary key list` shows every key.',
  },
  KEY_FILE_CORRUPT: {
    audience: 'operator',
    status: 500,
    message: 'The file of API keys {file} cannot be used: {problem}',
    hint: 'Restore the file from a backup, or move it away and make new keys. Nothing was written to it.',
  },
  KEY_FILE_UNWRITABLE: {
    audience: 'operator',
    status: 500,
    message: 'The file of API keys {file} cannot be written: {problem}',
    hint: 'Name a data directory that this user may write with --data, or give the user the right to.',
  },
  KEY_FILE_LOCKED: {
    audience: 'operator',
    status: 500,
    message: 'The API keys are being changed by another process ({holder}).',
    hint: 'Try again. If no such process is running, remove {file}.',
  },

  // The HTTP front: starting it.
  PORT_IN_USE: {
    audience: 'operator',
    status: 500,
    message: 'Port {port} on {host} is already in use.',
    hint: 'Stop the program that uses it, or choose another port with --port or the setting server.port (0 takes any free one).',
  },
  CANNOT_LISTEN: {
    audience: 'operator',
    status: 500,
    message: 'The server cannot listen on {host}, port {port}: {problem}',
    hint: 'Check server.host, an address or a name without a port, and server.port. Ports below 1024 usually need privileges.',
  },
  HOST_NOT_LOOPBACK: {
    audience: 'operator',
    status: 500,
    message: 'The host {host} was taken for this machine only, but it leads to {address}.',
    hint: 'Set server.host to 127.0.0.1, or to the address beyond this machine that is meant.',
  },
  TLS_FILE_UNUSABLE: {
    audience: 'operator',
    status: 500,
    message: 'https cannot be served with {certFile} and {keyFile}: {problem}',
    hint: 'server.tls needs a certificate and its private key, both as PEM files without a passphrase.',
  },

  // The HTTP front: requests that it refuses.
  MALFORMED_REQUEST: {
    audience: 'client',
    status: 400,
    message: 'The request is not valid HTTP: {problem}.',
    hint: 'Check the request line, the headers and the length of the body.',
  },
  HEADERS_TOO_LARGE: {
    audience: 'client',
    status: 431,
    message: 'The headers of the request are larger than {limitBytes} bytes.',
    hint: 'Send fewer or shorter headers, or a shorter URL; a long query belongs into the body of a POST.',
  },
  CONNECTIONS_EXHAUSTED: {
    audience: 'client',
    status: 429,
    message: 'There are {limit} connections from {address} already, and no more are taken.',
    hint: 'Close connections that are not in use, or let the operator raise the setting server.maxConnectionsPerAddress; a proxy that stands for many clients belongs into server.trustedProxies.',
  },
  HEADERS_TIMEOUT: {
    audience: 'client',
    status: 408,
    message: 'The headers of the request did not arrive within {timeoutMs} ms.',
    hint: 'Send the whole request at once.',
  },
  HOST_NOT_ALLOWED: {
    audience: 'client',
    status: 403,
    message: 'This server does not answer under the host name "{host}".',
    hint: 'Call it as localhost or 127.0.0.1, or let the operator add the name to server.allowedHosts.',
  },
  ORIGIN_NOT_ALLOWED: {
    audience: 'client',
    status: 403,
    message: 'Web pages of {origin} may not call this server.',
    hint: 'The operator allows an origin with the setting cors.origins.',
  },
  CROSS_SITE_REQUEST: {
    audience: 'client',
    status: 403,
    message: 'The request may come from a page of another site: {problem}.',
    hint: 'From a page, ask by fetch, so that the browser says where the page is from; the operator allows its origin with cors.origins. Or ask by POST with the header content-type: application/json.',
  },
  PATH_NOT_FOUND: {
    audience: 'client',
    status: 404,
    message: 'There is nothing at {path}.',
    hint: '{suggestion}',
  },
  METHOD_NOT_ALLOWED: {
    audience: 'client',
    status: 405,
    message: '{path} does not answer to {method}.',
    hint: 'It answers to {allowed}.',
  },
  BODY_TOO_LARGE: {
    audience: 'client',
    status: 413,
    message: 'The body of the request is larger than {limitBytes} bytes.',
    hint: 'Send a smaller body, or let the operator raise the setting server.maxBodyBytes.',
  },
  BODY_INCOMPLETE: {
    audience: 'client',
    status: 400,
    message: 'The body of the request ended before all of it had arrived.',
    hint: 'Send as many bytes as the header content-length says, and the last chunk of a chunked body.',
  },
  BODY_TIMEOUT: {
    audience: 'client',
    status: 408,
    message: 'The body of the request did not arrive within {timeoutMs} ms.',
    hint: 'Send it faster, or let the operator raise the setting server.requestTimeoutMs.',
  },
  BODY_NOT_UTF8: {
    audience: 'client',
    status: 400,
    message: 'The body of the request is not UTF-8 text.',
    hint: 'Encode the body as UTF-8.',
  },
  BODY_ENCODING_UNSUPPORTED: {
    audience: 'client',
    status: 415,
    message: 'The body of the request is encoded as "{encoding}", which this server does not read.',
    hint: 'Send the body without content-encoding.',
  },
  REQUEST_TIMEOUT: {
    audience: 'client',
    status: 504,
    message: 'The request was not answered within {timeoutMs} ms.',
    hint: 'Ask for less at once, or let the operator raise the setting server.requestTimeoutMs.',
  },

  // The derived hub.
  HUB_NAME_RESERVED: {
    audience: 'operator',
    status: 500,
    message: 'The name {name} is reserved for what the graph derives from {entity}.',
    hint: 'Rename it in the schema that declares it.',
  },
  HUB_PAGE_INFO_DIFFERS: {
    audience: 'operator',
    status: 500,
    message:
      'PageInfo in {subgraph} differs in {fields} from the one that all lists of the graph share.',
    hint: 'Give it @shareable and exactly the fields {expected}, as the Relay specification has them.',
  },
  CURSOR_INVALID: {
    audience: 'client',
    status: 200,
    message: 'The cursor "{cursor}" in {field}({argument}:) {problem}.',
    hint: 'Pass a cursor, startCursor or endCursor of the same list with the same `orderBy` and `search`, as it was given; or leave `{argument}` out.',
  },
  PAGE_SIZE_INVALID: {
    audience: 'client',
    status: 200,
    message: '{field}({argument}: {size}) asks for a page of a size that there is not.',
    hint: 'Ask for 0 to {limit} items; the next page begins after the endCursor of this one.',
  },
  PAGE_OFFSET_INVALID: {
    audience: 'client',
    status: 200,
    message: '{field}(offset: {offset}) skips a number of rows that there is not.',
    hint: 'Skip 0 rows or more.',
  },
  PAGE_ARGUMENTS_CLASH: {
    audience: 'client',
    status: 200,
    message: '{list} has both `{one}` and `{other}`, which say two different things.',
    hint: 'Page forward with `first`, `after` and `offset`, or backward with `last` and `before`.',
  },
  ORDER_TERM_AMBIGUOUS: {
    audience: 'client',
    status: 200,
    message: '{list} names several things to sort by in one object, {place}: {names}.',
    hint: 'Give each of them an object of its own in the list, the most important first.',
  },
  ORDER_TOO_LONG: {
    audience: 'client',
    status: 200,
    message: '{list}(orderBy:) names {count} things to sort by; there may be {limit}.',
    hint: 'Leave out the least important ones, or raise `graph.limits.orderTerms`.',
  },
  SEARCH_TOO_LONG: {
    audience: 'client',
    status: 200,
    message: '{list}(search:) has a text of more than {words} words or {characters} characters.',
    hint: 'Search for fewer words, and narrow the rest down with `where`.',
  },
  RELATION_PATH_TOO_LONG: {
    audience: 'client',
    status: 200,
    message: 'The question sorts, groups or sums by a field behind more than {limit} relations.',
    hint: 'Ask for the entity that is nearer to that field.',
  },
  QUESTION_TOO_WIDE: {
    audience: 'client',
    status: 200,
    message:
      'The question would make the lake look at {tables} tables; {limit} are the most that one may.',
    hint: 'A table counts each time that a filter, an order or an alias looks at it. Ask in several questions.',
  },
  AGGREGATE_TOO_WIDE: {
    audience: 'client',
    status: 200,
    message: '{field} asks for {count} figures; {limit} are the most that one aggregate may have.',
    hint: 'Each share of `quantiles` is a figure of its own. Ask in several questions.',
  },
  ANSWER_TOO_LARGE: {
    audience: 'client',
    status: 200,
    message: 'With {field} the answer would hold more than {limit} rows.',
    hint: 'Ask for smaller pages, give related rows a `first`, or raise `graph.limits.rowsInAnswer`.',
  },
  KEY_NOT_UNIQUE: {
    audience: 'client',
    status: 200,
    message: 'More than one {entity} has the {key} that was asked for.',
    hint: 'Ask by another key.',
  },
  REPRESENTATION_INVALID: {
    audience: 'client',
    status: 200,
    message: 'A representation of {type} names no key by which it could be found ({keys}).',
    hint: 'Give all fields of one @key, and a __typename that this subgraph resolves.',
  },

  // How far a question may go.
  SELECTION_TOO_DEEP: {
    audience: 'client',
    status: 400,
    message:
      'The question selects fields in {found} levels; {limit} are the most. It goes too deep at {path}.',
    hint: 'Ask for what is further away in a question of its own. The operator can raise graph.limits.selectionDepth.',
  },
  DOCUMENT_TOO_NESTED: {
    audience: 'client',
    status: 400,
    message: '{what} has brackets within brackets in more than {limit} levels.',
    hint: 'Nobody writes such a thing by hand: look at the program that made it.',
  },
  DOCUMENT_TOO_LONG: {
    audience: 'client',
    status: 400,
    message: 'The query has more than {limit} operations and fragments.',
    hint: 'Send the operation that is to be run and the fragments that it uses, and no others.',
  },
  QUESTION_TOO_COMPLEX: {
    audience: 'client',
    status: 400,
    message: 'There are too many ways to bring the answer to this question together: {problem}.',
    hint: 'Take fields that code computes or another server knows from fewer levels at once, or ask several questions.',
  },
  FIELD_NOT_IN_LAKE: {
    audience: 'client',
    status: 400,
    message: '{problem} "{field}" {reason}, so it is in no table that could be {use}.',
    hint: 'It can be selected. Once {owner} keeps it in a table of the lake it can be {use} as well.',
  },
  QUESTION_TOO_LARGE: {
    audience: 'client',
    status: 200,
    message:
      'The question would make the lake read {rows} rows; {limit} are the most that one may.',
    hint: 'Follow fewer relations in filters, sorts and groups. The operator can raise graph.limits.rowsRead.',
  },

  // Filters of the hub.
  FILTER_TOO_DEEP: {
    audience: 'client',
    status: 200,
    message: '{argument} is nested deeper than the {limit} levels that a filter may have.',
    hint: 'Say the same with fewer levels, or raise `graph.limits.filterDepth`.',
  },
  FILTER_TOO_LARGE: {
    audience: 'client',
    status: 200,
    message:
      'With {argument} the filters of the operation have more than the {limit} conditions that they may have together.',
    hint: 'Use `in` instead of many `eq`, ask several times, or raise `graph.limits.conditions`. A condition on related rows counts for {relatedWeight}.',
  },
  FILTER_LIST_TOO_LONG: {
    audience: 'client',
    status: 200,
    message:
      'With the {count} values of {argument} the filters of the operation have more than the {limit} values in lists that they may have together.',
    hint: 'Ask several times with a part of the values each, or raise `graph.limits.listValues`.',
  },

  // Aggregates of the hub.
  GROUP_KEY_EMPTY: {
    audience: 'client',
    status: 200,
    message: '{field} has nothing to group by in {place}.',
    hint: 'Name a `field`, or a relation to one with a `field` in it.',
  },
  GROUP_KEY_AMBIGUOUS: {
    audience: 'client',
    status: 200,
    message: '{field} names several things to group by in one object, {place}: {names}.',
    hint: 'Give each of them an object of its own in the list.',
  },
  GROUP_KEY_REPEATED: {
    audience: 'client',
    status: 200,
    message: '{field} groups by {key} a second time in {place}.',
    hint: 'Group by each field once, with one bucket; ask for another bucket in an aggregate of its own.',
  },
  GROUP_KEYS_TOO_MANY: {
    audience: 'client',
    status: 200,
    message: '{field}(groupBy:) names {count} things to group by; there may be {limit}.',
    hint: 'Group by fewer of them, or raise `graph.limits.groupKeys`.',
  },
  GROUP_BUCKET_INVALID: {
    audience: 'client',
    status: 200,
    message: '{field} {problem} in {place}.',
    hint: 'A date or a time may have a `bucket`; only that of a time may be `HOUR` and have a `timeZone`.',
  },
  TIME_ZONE_UNKNOWN: {
    audience: 'client',
    status: 200,
    message: '{field} names a time zone that there is not: "{timeZone}".',
    hint: 'Give an IANA name such as Europe/Berlin, or leave `timeZone` out for UTC. {advice}',
  },
  GROUP_LIMIT_INVALID: {
    audience: 'client',
    status: 200,
    message: '{field}(limit: {limit}) asks for a number of groups that there is not.',
    hint: 'Ask for 0 to {most} groups; `offset` leads to those behind them.',
  },
  GROUP_ORDER_KEY_MISSING: {
    audience: 'client',
    status: 200,
    message: '{field} sorts by the key {key}, which the groups do not have in common.',
    hint: 'Sort by what `groupBy` names ({grouped}), or add it there.',
  },
  AGGREGATE_KEY_NOT_GROUPED: {
    audience: 'client',
    status: 200,
    message: '{field} selects the key {key}, which the groups do not have in common.',
    hint: 'Select what `groupBy` names ({grouped}), or add it there.',
  },
  TOO_MANY_GROUPS: {
    audience: 'client',
    status: 200,
    message: '{field} has more than {limit} groups.',
    hint: 'Give it a `limit`, narrow it down with `where` or `having`, group by larger buckets, or raise `graph.limits.groups`.',
  },
  QUANTILES_INVALID: {
    audience: 'client',
    status: 200,
    message: '{field} has quantiles with {problem}.',
    hint: 'Give up to {limit} shares, each from 0 to 1: 0.5 is the median.',
  },
  FIGURE_TOO_LARGE: {
    audience: 'client',
    status: 200,
    message: 'A figure in {field} is larger than the lake can work out: {problem}',
    hint: 'Select other figures of this field, or narrow the rows down with `where`.',
  },

  // Subgraphs, as the gateway calls them.
  SUBGRAPH_TIMEOUT: {
    audience: 'client',
    status: 200,
    message: 'The subgraph {subgraph} did not answer within {timeoutMs} ms.',
    hint: 'Its fields are null in this answer. Ask again, or tell the owner of {subgraph}.',
  },
  SUBGRAPH_UNREACHABLE: {
    audience: 'client',
    status: 200,
    message: 'The subgraph {subgraph} could not be reached.',
    hint: 'Its fields are null in this answer. Ask again, or tell the owner of {subgraph}.',
  },
  SUBGRAPH_ANSWER_INVALID: {
    audience: 'client',
    status: 200,
    message: 'The subgraph {subgraph} answered something that is no GraphQL response.',
    hint: 'Its fields are null in this answer. Tell the owner of {subgraph}.',
  },
  FIELD_WITHOUT_PROVIDER: {
    audience: 'client',
    status: 200,
    message: 'No subgraph can answer {field} with what is asked of it.',
    hint: 'No object type there has these fields: an interface that no type implements, for example. Ask for other fields, or tell the owner of {field}.',
  },
  QUESTION_UNPLANNABLE: {
    audience: 'client',
    status: 200,
    message: 'No plan was found for this operation, although each of its fields exists.',
    hint: 'Ask for less at once: of an interface that one subgraph has as an object, ask in two operations for fields that it computes and for those of its types.',
  },
  PLANNER_BUSY: {
    audience: 'client',
    status: 503,
    message: 'The server has {limit} large questions to plan before this one, and takes no more.',
    hint: 'Ask again in a moment. A question that was planned before needs no plan.',
  },
  PLANNER_LOST: {
    audience: 'client',
    status: 503,
    message: 'The planner ended before it had a plan for this question.',
    hint: 'Ask again. If that helps nothing, the operator finds the cause in the log.',
  },
  FIELD_NEVER_COMPUTABLE: {
    audience: 'client',
    status: 200,
    message: 'No order of fetches gives {field} all that it @requires, in this operation.',
    hint: 'Ask for {field} in an operation of its own, or tell its owner: what it requires is computed by other subgraphs.',
  },
  SUBGRAPH_ANSWER_TOO_LARGE: {
    audience: 'client',
    status: 200,
    message: 'The subgraph {subgraph} answered with more than {limitBytes} bytes.',
    hint: 'Ask for less at once, or tell the owner of {subgraph}.',
  },
  SUBGRAPH_VALUE_INVALID: {
    audience: 'client',
    status: 200,
    message: 'The subgraph {subgraph} answered something for {field} that is no {type}.',
    hint: 'The value is null in this answer. Tell the owner of {subgraph}.',
  },
  SUBGRAPH_FAILED: {
    audience: 'client',
    status: 200,
    message:
      'Something went wrong inside the subgraph {subgraph} (correlation id {correlationId}).',
    hint: 'Its fields are null in this answer. The log of this gateway holds the whole error under the correlation id. An error that callers are to read needs a code in its extensions.',
  },
  SUBGRAPH_REFUSED: {
    audience: 'client',
    status: 200,
    message: '{problem}',
    hint: 'The subgraph {subgraph} says so. Ask its owner what it means.',
  },
  SUBGRAPH_URL_INVALID: {
    audience: 'operator',
    status: 500,
    message: 'The subgraph {subgraph} cannot be called at "{url}".',
    hint: 'Give it an http or https address without user and password as routing_url in supergraph.yaml, and compose anew. Credentials belong into subgraphs.headers.',
  },
  VALUE_MISSING: {
    audience: 'client',
    status: 200,
    message: '{problem}',
    hint: 'The nearest value above that may be null is null instead. Most often a reference leads to something that does not exist; tell the owner of the reference.',
  },

  // GraphQL over HTTP.
  BODY_NOT_JSON: {
    audience: 'client',
    status: 400,
    message: 'The request body is not JSON: {problem}',
    hint: 'Send a JSON object with the members "query" and, if need be, "variables" and "operationName".',
  },
  CONTENT_TYPE_UNSUPPORTED: {
    audience: 'client',
    status: 415,
    message: 'The request body {problem}, and only JSON is read.',
    hint: 'Send a JSON object with the header content-type: application/json.',
  },
  DECIMALS_UNKNOWN: {
    audience: 'client',
    status: 400,
    message: 'The header x-tributary-decimals cannot be "{wished}".',
    hint: 'Send "number" or "string", or leave the header out.',
  },
  EXPLAIN_UNKNOWN: {
    audience: 'client',
    status: 400,
    message: 'The header x-tributary-explain cannot be "{wished}".',
    hint: 'Send "true" to have the answer explained, or leave the header out.',
  },
  EXPLAIN_REFUSED: {
    audience: 'client',
    status: 403,
    message: 'Answers are not explained to this caller.',
    hint: 'Leave the header x-tributary-explain out. The operator decides with the setting graph.explain, which is "{setting}".',
  },
  BAD_REQUEST: {
    audience: 'client',
    status: 400,
    message: '{problem}',
    hint: 'Send one operation by POST, as a JSON object with the members "query" and, if need be, "variables" and "operationName", and with the header content-type: application/json. A query may also come by GET.',
  },
  BAD_USER_INPUT: {
    audience: 'client',
    status: 400,
    message: '{problem}',
    hint: 'Mend the variable or argument that the message names; the schema says which type it has.',
  },
  GRAPHQL_PARSE_FAILED: {
    audience: 'client',
    status: 400,
    message: '{problem}',
    hint: 'Mend the GraphQL syntax at the line and column in `locations`.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    audience: 'client',
    status: 400,
    message: '{problem}',
    hint: 'Mend the query at the line and column in `locations`; /graphiql shows what the schema has.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    audience: 'client',
    status: 400,
    message: '{problem}',
    hint: 'Name one of the operations of the query in "operationName", or send only one operation.',
  },

  // Files that the lake is first filled from.
  SEED_FILE_AMBIGUOUS: {
    audience: 'operator',
    status: 500,
    message: 'Two seed files claim to hold the same table: {first} and {second}.',
    hint: 'Remove one of them.',
  },
  SEED_COLUMN_MISSING: {
    audience: 'operator',
    status: 500,
    message: '{field} is kept in the column {column}, which {file} does not have. {advice}',
    hint: 'Mend @column(name:), add the column to the file, or declare what stands there without it: @column(default: null).',
  },
  SEED_FILE_CORRUPT: {
    audience: 'operator',
    status: 500,
    message: 'The seed file cannot be loaded into {table}: {problem}',
    hint: 'Mend the file and start again. Nothing of it was loaded.',
  },
  SEED_ROWS_DIFFER: {
    audience: 'operator',
    status: 500,
    message:
      '{field} reads the column {column} of {table}, which is not there yet. {file} has it, but no longer the rows of the table.',
    hint: 'Rows of a table without a key can only be filled anew. Bring the file up to date, or start with an empty lake (--data).',
  },
  MAPPING_VALUE_UNCONVERTIBLE: {
    audience: 'operator',
    status: 500,
    message: 'A row of {entity} cannot be mapped: {problem}',
    hint: 'Mend the value in its table, or the expression in @column(from:) that converts it. Nothing was changed.',
  },
  SUBGRAPH_UNKNOWN: {
    audience: 'client',
    status: 404,
    message: 'There is no subgraph {name} in this process.',
    hint: 'Here are: {known}.',
  },
  SUPERGRAPH_MISSING: {
    audience: 'operator',
    status: 500,
    message: 'There is no {file} yet.',
    hint: 'Run the same command without --check, which writes it, and commit the file.',
  },
  SUPERGRAPH_STALE: {
    audience: 'operator',
    status: 500,
    message: '{file} is not what the subgraphs compose to now.',
    hint: 'Run the same command without --check, which writes it anew, and commit the file.',
  },
  SUPERGRAPH_NOT_WRITTEN: {
    audience: 'operator',
    status: 500,
    message: 'The supergraph cannot be written to {file}: {problem}',
    hint: 'Name a file in a folder that exists and may be written to, with --out.',
  },
  SUPERGRAPH_FILE_UNREADABLE: {
    audience: 'operator',
    status: 500,
    message: 'The supergraph file {file} cannot be read: {problem}.',
    hint: 'Give the path of a supergraph SDL, as `tributary compose` writes it.',
  },
  SUPERGRAPH_FILE_INVALID: {
    audience: 'operator',
    status: 500,
    message: 'The file {file} holds no supergraph: {problem}',
    hint: 'A supergraph is what composition makes of subgraphs, such as `tributary compose` writes.',
  },
  SEED_WITHOUT_CUSTOMERS: {
    audience: 'operator',
    status: 500,
    message: 'The generator makes customers, and this project has no table identity.customer.',
    hint: 'Put seed files under lake-data/seed/ instead, one folder a domain, one CSV, NDJSON or Parquet file a table.',
  },
  SEED_LAKE_NOT_EMPTY: {
    audience: 'operator',
    status: 500,
    message: 'The lake is not empty: {table} has {rowCount} rows.',
    hint: 'Add --replace to remove them, or name another data directory with --data.',
  },
  ...limitErrors,
  ...ledgerErrors,
  ...eventErrors,
  ...syncErrors,
  ...documentErrors,
  ...motionErrors,
  ...remoteErrors,
  ...telemetryErrors,
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** The parameters that the message and the hint of an error name. */
export type ErrorParameters<Code extends ErrorCode> = {
  readonly [
    Name in Placeholders<(typeof catalogue)[Code]['message'] | (typeof catalogue)[Code]['hint']>
  ]: string | number;
};
