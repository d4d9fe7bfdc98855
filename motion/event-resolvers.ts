import type { CloudEvent, EventEdge, EventPage } from '../events/event-service.ts';
import type { EventEntity } from './event-entities.ts';
import { cursorOf, type PageArguments } from './read-page-arguments.ts';
import { fieldOf, rootField, type SubscriptionResolver, type TypeResolvers } from './resolver.ts';

interface EventsArguments extends PageArguments {
  readonly entity?: string | null;
  readonly types?: readonly string[] | null;
  readonly exceptOwn: boolean;
}

interface FollowArguments {
  readonly after?: string | null;
  readonly types?: readonly string[] | null;
  readonly includeOwn: boolean;
}

export function eventResolvers(
  entities: readonly EventEntity[],
): Readonly<Record<string, TypeResolvers>> {
  const subscriptions = entities.map((entity) => [entity.names.events, followEvents(entity)]);
  return {
    Query: {
      events: rootField(async (args: EventsArguments, { services, caller }) => {
        const after = cursorOf(args.after);
        const page = await services.events.page({
          first: args.first,
          after,
          entity: args.entity ?? undefined,
          types: args.types ?? undefined,
          exceptActor: args.exceptOwn ? caller.actor : undefined,
        });
        return connection(page, after, entities);
      }),
      saga: rootField(
        async ({ event }: { readonly event: string }, { services }) =>
          (await services.events.saga(event)) ?? null,
      ),
    },
    Subscription: Object.fromEntries(subscriptions) as TypeResolvers,
    IdentityEvent: {
      version: fieldOf(({ entityversion }: CloudEvent) => entityversion),
      causationId: fieldOf(({ causationid }: CloudEvent) => causationid),
      data: fieldOf((event: CloudEvent) => seenData(event, entities)),
    },
  };
}

function followEvents(entity: EventEntity): SubscriptionResolver {
  return {
    resolve: fieldOf(({ event }: EventEdge) => event),
    // What is wrong with the cursor or the types is told at once, before the stream begins.
    subscribe: rootField((args: FollowArguments, { services, caller, lastEventId, signal }) =>
      services.events.follow({
        entity: entity.name,
        types: args.types ?? undefined,
        exceptActor: args.includeOwn ? undefined : caller.actor,
        after: lastEventId ?? cursorOf(args.after),
        signal,
      }),
    ),
  };
}

function connection(
  { edges: all, hasNextPage, endCursor }: EventPage,
  after: string | undefined,
  entities: readonly EventEntity[],
) {
  // Entities that callers do not see are not among them.
  const edges = all.filter(({ event }) => entityOf(event, entities) !== undefined);
  return {
    nodes: edges.map(({ event }) => event),
    edges: edges.map(({ cursor, event }) => ({ cursor, node: event })),
    pageInfo: {
      hasNextPage,
      hasPreviousPage: after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor,
    },
  };
}

/** Without the fields that callers of the graph do not see. */
function seenData(event: CloudEvent, entities: readonly EventEntity[]): CloudEvent['data'] {
  const hidden = entityOf(event, entities)?.hiddenFields ?? [];
  if (hidden.length === 0) return event.data;
  return Object.fromEntries(Object.entries(event.data).filter(([name]) => !hidden.includes(name)));
}

function entityOf({ type }: CloudEvent, entities: readonly EventEntity[]): EventEntity | undefined {
  return entities.find(({ names }) => names.eventTypes.includes(type));
}
