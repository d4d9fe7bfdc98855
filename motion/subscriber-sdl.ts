/** Tools that events are delivered to, and what could not be delivered. */
export const subscriberSdl = /* GraphQL */ `
  type Query {
    "Tools that events are delivered to: your own ones, and on the server's own machine all of them."
    eventSubscribers: [EventSubscriber!]!
    "One of your subscribers; null when you have none with this id."
    eventSubscriber("The subscriber's id." id: ID!): EventSubscriber
    "Events that could not be delivered to your subscribers."
    deadLetters(
      "Only those of this subscriber."
      subscriber: ID
      "How many at most."
      first: Int! = 100
      "Only what comes after this cursor."
      after: String
    ): EventDeadLetterPage!
  }

  type Mutation {
    "Makes a subscriber, to which events are sent from now on. Its secret is told this once."
    createSubscriber(
      "Who gets which events, and where."
      input: CreateEventSubscriberInput!
    ): CreateEventSubscriberPayload!
    "Changes what is given of a subscriber, and leaves the rest as it is."
    updateSubscriber("What changes." input: UpdateEventSubscriberInput!): EventSubscriberPayload!
    "Removes a subscriber, and the events that wait for it."
    deleteSubscriber("Which one." input: EventSubscriberInput!): DeleteEventSubscriberPayload!
    "Lets events wait until the subscriber is resumed."
    pauseSubscriber("Which one." input: EventSubscriberInput!): EventSubscriberPayload!
    "Goes on with the first event that waits."
    resumeSubscriber("Which one." input: EventSubscriberInput!): EventSubscriberPayload!
    "Sends everything after a cursor to a subscriber once more."
    replayEvents("To whom, and from where on." input: ReplayEventsInput!): EventSubscriberPayload!
    "Sends dead letters again, now; those that arrive are gone from the list."
    replayDeadLetters("Which ones." input: EventDeadLettersInput!): ReplayDeadLettersPayload!
    "Gives dead letters up."
    discardDeadLetters("Which ones." input: EventDeadLettersInput!): DiscardDeadLettersPayload!
  }

  "How a subscriber fares."
  enum EventSubscriberState {
    "Events are delivered as they come."
    ACTIVE
    "Somebody paused it; events wait."
    PAUSED
    "It does not take events; they wait, and are tried again."
    FAILING
    "It said that it is gone; nothing is sent any more until it is resumed."
    GONE
  }

  "A tool that gets events by webhook."
  type EventSubscriber {
    "The subscriber's id."
    id: ID!
    "What people call it."
    name: String!
    "Who made it, and whose own changes it does not get unless it asks."
    owner: String!
    "Where events are sent."
    url: String!
    "The entities whose events it gets; empty for all of them."
    entities: [String!]!
    "The types of events that it gets; empty for all of them."
    types: [String!]!
    "Whether it also gets what its owner did."
    includesOwn: Boolean!
    "Whether it may refuse changes."
    mayVeto: Boolean!
    "How long after a change it may refuse it, in milliseconds."
    vetoWindowMs: Int!
    "How it fares."
    state: EventSubscriberState!
    "Cursor of the last event before which everything was delivered."
    position: String!
    "Whether it is still getting the entities that there were when it was made."
    isInSnapshot: Boolean!
    "How many events wait for it, about."
    backlog: Int!
    "When it last took an event."
    lastDeliveryAt: DateTime
    "Why it did not take the last one."
    lastError: String
    "When it was made."
    createdAt: DateTime!
  }

  "An event that could not be delivered."
  type EventDeadLetter {
    "The dead letter's id."
    id: ID!
    "The id of the subscriber that it was for."
    subscriber: ID!
    "The event."
    event: IdentityEvent!
    "How often it was tried."
    attempts: Int!
    "The HTTP status of the last answer; null when there was none."
    lastStatus: Int
    "What went wrong the last time."
    lastError: String!
    "Since when it lies here."
    since: DateTime!
  }

  "A page of dead letters."
  type EventDeadLetterPage {
    "The dead letters, the oldest first."
    nodes: [EventDeadLetter!]!
    "Where to go on; null when nothing is left. A page before that may be short."
    endCursor: String
  }

  "Who gets which events, and where."
  input CreateEventSubscriberInput {
    "What people call it."
    name: String!
    "Where events are sent, by POST."
    url: String!
    "The entities whose events it gets; all of them by default."
    entities: [String!]
    "The types of events that it gets; all of them by default."
    types: [String!]
    "Whether it also gets what you did yourself; no by default."
    includesOwn: Boolean
    "Whether it may refuse changes; no by default."
    mayVeto: Boolean
    "How long after a change it may refuse it, in milliseconds."
    vetoWindowMs: Int
    "Whether it first gets all entities that there are; otherwise it begins with what comes next."
    withSnapshot: Boolean
  }

  "What changes of a subscriber. What is left out stays."
  input UpdateEventSubscriberInput {
    "The subscriber's id."
    id: ID!
    "What people call it."
    name: String
    "Where events are sent, by POST."
    url: String
    "The entities whose events it gets; an empty list for all of them."
    entities: [String!]
    "The types of events that it gets; an empty list for all of them."
    types: [String!]
    "Whether it also gets what its owner did."
    includesOwn: Boolean
    "Whether it may refuse changes."
    mayVeto: Boolean
    "How long after a change it may refuse it, in milliseconds."
    vetoWindowMs: Int
  }

  "Which subscriber."
  input EventSubscriberInput {
    "The subscriber's id."
    id: ID!
  }

  "What is sent once more, and to whom."
  input ReplayEventsInput {
    "The subscriber's id."
    subscriber: ID!
    "The cursor after which events are sent again."
    after: String!
  }

  "Which dead letters."
  input EventDeadLettersInput {
    "Their ids."
    ids: [ID!]!
  }

  "What came of making a subscriber."
  type CreateEventSubscriberPayload {
    "The subscriber; null when there is none."
    subscriber: EventSubscriber
    "The secret that its webhooks are signed with. It is told this once."
    secret: String
    "What was wrong; empty when all went well."
    problems: [MotionProblem!]!
  }

  "What came of a change to a subscriber."
  type EventSubscriberPayload {
    "The subscriber as it is now; null when nothing was changed."
    subscriber: EventSubscriber
    "What was wrong; empty when all went well."
    problems: [MotionProblem!]!
  }

  "What came of removing a subscriber."
  type DeleteEventSubscriberPayload {
    "The id of the subscriber that is gone; null when nothing was removed."
    deletedId: ID
    "What was wrong; empty when all went well."
    problems: [MotionProblem!]!
  }

  "What came of sending dead letters again."
  type ReplayDeadLettersPayload {
    "How many arrived; null when none was sent."
    delivered: Int
    "What was wrong; empty when all went well."
    problems: [MotionProblem!]!
  }

  "What came of giving dead letters up."
  type DiscardDeadLettersPayload {
    "How many are gone; null when nothing was done."
    discarded: Int
    "What was wrong; empty when all went well."
    problems: [MotionProblem!]!
  }
`;
