/** Events, and what becomes of those that may be refused. */
export const eventSdl = /* GraphQL */ `
  type Query {
    "What happened to identities, in the order in which the lake committed it: for tools that poll."
    events(
      "Only what came after this cursor; from the beginning of the log without one."
      after: String
      "How many at most."
      first: Int! = 100
      "Only events of this entity, such as Customer."
      entity: String
      "Only these types of events, such as CustomerCreated."
      types: [String!]
      "Whether what you did yourself is left out."
      exceptOwn: Boolean! = false
    ): IdentityEventConnection!
    "What becomes of a change that subscribers may refuse; null when there is no such event, or none to refuse."
    saga("The id of the event." event: ID!): EventSaga
  }

  type Mutation {
    "Refuses a change for one of your subscribers that may; it is taken back unless something came after it."
    vetoEvent("Which event, for whom, and why." input: VetoEventInput!): VetoEventPayload!
  }

  "Something that happened to an identity, as a CloudEvent of version 1.0."
  type IdentityEvent {
    "The event's id; a repeated delivery has the same."
    id: ID!
    "What happened: the name of the entity, and Created, Updated or Deleted."
    type: String!
    "Where the change came from."
    source: String!
    "The id of the entity that changed."
    subject: String!
    "When the lake committed the change."
    time: DateTime!
    "The entity's version after the change, from 1."
    version: Int!
    "The identity's fields after the change; of one that is gone, its key."
    data: JSON!
    "Hybrid logical clock of the change: a text that sorts in the order of changes."
    hlc: String!
    "Who made the change."
    origin: String!
    "The event or request that led to the change."
    causationId: String
    "The id of the event that this one takes back."
    reverses: ID
    "Place in the log, a text that sorts."
    sequence: String!
  }

  "One event in its place."
  type IdentityEventEdge {
    "Where the event stands, to go on after it."
    cursor: String!
    "The event."
    node: IdentityEvent!
  }

  "A page of events."
  type IdentityEventConnection {
    "The events."
    nodes: [IdentityEvent!]!
    "The events with their cursors."
    edges: [IdentityEventEdge!]!
    "Where the page stands. Go on after its endCursor, also when it has no events: the log was read up to there."
    pageInfo: PageInfo!
  }

  "What became of a change so far."
  enum EventSagaState {
    "It may still be refused."
    PENDING
    "Nobody refused it in time."
    CONFIRMED
    "It was refused and taken back."
    COMPENSATED
    "It was refused, but something had come after it, which stays."
    VETO_TOO_LATE
  }

  "A change that subscribers may refuse, and what becomes of it."
  type EventSaga {
    "The id of the event."
    event: ID!
    "What became of it so far."
    state: EventSagaState!
    "Until when it may be refused."
    deadline: DateTime
    "The subscriber that refused it."
    vetoedBy: String
    "Why it did."
    reason: String
    "The id of the event that took it back."
    compensation: ID
    "Names of the subscribers that had applied the change already."
    appliedBy: [String!]!
  }

  "Which change is refused, for whom, and why."
  input VetoEventInput {
    "The id of the event."
    event: ID!
    "The id of the subscriber that refuses it."
    subscriber: ID!
    "Why, for people."
    reason: String!
  }

  "What came of refusing a change."
  type VetoEventPayload {
    "What became of the change; null when nothing was done."
    saga: EventSaga
    "What was wrong; empty when all went well."
    problems: [MotionProblem!]!
  }
`;
