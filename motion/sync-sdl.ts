/** How old what the lake holds is, the syncs that keep it young, and the rows that wait. */
export const syncSdl = /* GraphQL */ `
  type Query {
    "How old each table of each domain is in the lake."
    freshness("Only tables of this domain." domain: String): [DomainFreshness!]!
    "Rows that were sent and are in no table of the lake: they wait, break a rule, or have lost their place."
    quarantinedRows(
      "Only rows of this domain."
      domain: String
      "Only rows of this kind."
      kind: QuarantineKind
      "How many at most."
      first: Int! = 100
      "Only what comes after this cursor."
      after: String
    ): QuarantinedRowPage!
  }

  type Mutation {
    "Runs the syncs of a domain now, or of one table of it, and says what came of them."
    runSync("What is synced, and how." input: RunSyncInput!): RunSyncPayload!
    "Tries rows in quarantine again, with some of their columns mended."
    replayQuarantined("Which ones." input: ReplayQuarantinedInput!): ReplayQuarantinedPayload!
    "Gives rows in quarantine up."
    discardQuarantined("Which ones." input: DiscardQuarantinedInput!): DiscardQuarantinedPayload!
  }

  "Whether what the lake holds is young enough."
  enum FreshnessState {
    "Changes reach the lake as they are made."
    LIVE
    "Younger than its objective demands, or without one."
    FRESH
    "Older than its objective allows."
    STALE
    "It was never synced."
    NEVER
    "It has no sync."
    UNSYNCED
  }

  "How old a table of a domain is in the lake."
  type DomainFreshness {
    "The domain."
    domain: String!
    "The table in the lake."
    table: String!
    "The entities whose fields it holds."
    entities: [String!]!
    "Whether it is young enough."
    state: FreshnessState!
    "When it was last synced."
    lastSuccess: DateTime
    "Up to which time of its source the lake has everything; null where the source has no times."
    watermark: DateTime
    "From the watermark, or else the last sync, until now, in seconds."
    lagSeconds: Float
    "How old it may be, in seconds."
    objectiveSeconds: Float
    "How many rows it has, about."
    rows: Float!
    "How many of its rows are in quarantine."
    quarantined: Float!
    "When it is synced next."
    nextRun: DateTime
    "The same in the domain's own time zone, such as 2026-11-29T02:00:00[Europe/Berlin]."
    nextRunLocal: String
    "The domain's time zone."
    timeZone: String
    "Why the last sync failed."
    lastError: String
  }

  "Why a row is in quarantine."
  enum QuarantineKind {
    "Its entity does not exist yet."
    WAITING
    "It breaks a rule of its domain."
    BAD
    "Its entity became one with another, whose row has its place."
    MERGED
  }

  "A row that is in no table of the lake."
  type QuarantinedRow {
    "The row's id in quarantine."
    id: ID!
    "The domain that it belongs to."
    domain: String!
    "The table that it is meant for."
    table: String!
    "Its key, where it has one."
    key: String
    "Why it is here."
    kind: QuarantineKind!
    "The same for people."
    reason: String!
    "The rule that it breaks."
    rule: String
    "Its columns and their values."
    payload: JSON!
    "Since when it is here."
    since: DateTime!
  }

  "A page of rows in quarantine."
  type QuarantinedRowPage {
    "The rows, the oldest first."
    nodes: [QuarantinedRow!]!
    "How many there are on all pages."
    totalCount: Int!
    "Where to go on; null when nothing comes after them."
    endCursor: String
  }

  "How a run of a sync ended."
  enum SyncRunState {
    "All of it was taken over."
    SUCCEEDED
    "It broke off; nothing of what was not reported was taken over."
    FAILED
    "Too many of its rows were bad; nothing was taken over."
    REFUSED
  }

  "What a sync takes from its source."
  enum SyncMode {
    "What changed since the last time."
    DELTA
    "Everything that there is; what the lake has besides is removed."
    SNAPSHOT
  }

  "One run of the sync of a table."
  type SyncRun {
    "The run's id."
    id: ID!
    "The domain."
    domain: String!
    "The table in the lake."
    table: String!
    "How it ended."
    state: SyncRunState!
    "How many rows came."
    rowsRead: Float!
    "How many were new."
    inserted: Float!
    "How many changed."
    updated: Float!
    "How many are gone."
    deleted: Float!
    "How many were as the lake had them."
    unchanged: Float!
    "How many were older than what the lake has."
    stale: Float!
    "How many wait for their identity."
    waiting: Float!
    "How many went to quarantine."
    quarantined: Float!
    "When it began."
    startedAt: DateTime!
    "When it was over."
    endedAt: DateTime!
    "Up to which time of the source the lake has everything now."
    watermark: DateTime
    "Why it failed or was refused."
    error: String
  }

  "What is synced, and how."
  input RunSyncInput {
    "The domain."
    domain: String!
    "One of its tables in the lake; all of them by default."
    table: String
    "What is taken from the source; what changed by default."
    mode: SyncMode
  }

  "What came of a sync."
  type RunSyncPayload {
    "One run a table; null when none was begun, or when they are not over yet."
    runs: [SyncRun!]
    "What was wrong; empty when all went well."
    problems: [MotionProblem!]!
  }

  "Which rows are tried again, and what is mended in them."
  input ReplayQuarantinedInput {
    "Their ids in quarantine."
    ids: [ID!]!
    "New values by column, for all of them: an object such as { \\"tier\\": \\"GOLD\\" }."
    fix: JSON
  }

  "What came of trying rows again."
  type ReplayQuarantinedPayload {
    "How many have left the quarantine."
    released: Int!
    "How many are still there."
    remaining: Int!
    "What was wrong; empty when all went well."
    problems: [MotionProblem!]!
  }

  "Which rows are given up."
  input DiscardQuarantinedInput {
    "Their ids in quarantine."
    ids: [ID!]!
  }

  "What came of giving rows up."
  type DiscardQuarantinedPayload {
    "How many are gone."
    discarded: Int!
    "What was wrong; empty when all went well."
    problems: [MotionProblem!]!
  }
`;
