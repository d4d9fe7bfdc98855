import type { Answered, NewSubscriber, Subscriber } from '../events/event-service.ts';
import type { LedgerContext } from './ledger-context.ts';
import {
  foreignDeadLetters,
  noSubscriber,
  ownDeadLetters,
  ownSubscriber,
  ownSubscribers,
} from './own-subscribers.ts';
import { readPageArguments, type PageArguments } from './read-page-arguments.ts';
import { given, rootField, type InputOf, type TypeResolvers } from './resolver.ts';

type Nullable<Input> = { readonly [Name in keyof Input]: Input[Name] | null };

interface Id {
  readonly id: string;
}

interface Ids {
  readonly ids: readonly string[];
}

interface Veto {
  readonly event: string;
  readonly subscriber: string;
  readonly reason: string;
}

type AnsweredSubscriber = Answered<{ readonly subscriber: Subscriber }>;

const queries: TypeResolvers = {
  eventSubscribers: rootField((_args, context) => ownSubscribers(context)),
  eventSubscriber: rootField(
    async ({ id }: Id, context) => (await ownSubscriber(id, context)) ?? null,
  ),
  deadLetters: rootField(
    async (args: PageArguments & { readonly subscriber?: string | null }, context) => {
      const page = readPageArguments('deadLetters', args, context.limits.pageSize);
      const { items, endCursor } = await ownDeadLetters(
        page,
        args.subscriber ?? undefined,
        context,
      );
      return { nodes: items, endCursor };
    },
  ),
};

const mutations: TypeResolvers = {
  createSubscriber: rootField(async ({ input }: InputOf<Nullable<NewSubscriber>>, context) => {
    const { services, caller } = context;
    const wish = given(input) as NewSubscriber;
    const { value, problems } = await services.events.createSubscriber(wish, caller.actor);
    return { subscriber: value?.subscriber ?? null, secret: value?.secret ?? null, problems };
  }),
  updateSubscriber: rootField(
    ({ input }: InputOf<Nullable<Partial<NewSubscriber>> & Id>, context) => {
      const { id, ...changes } = given(input) as Partial<NewSubscriber> & Id;
      return change(id, context, ({ events }) => events.updateSubscriber(id, changes));
    },
  ),
  deleteSubscriber: rootField(async ({ input: { id } }: InputOf<Id>, context) => {
    if ((await ownSubscriber(id, context)) === undefined) {
      return { deletedId: null, problems: [noSubscriber(id, 'id')] };
    }
    const { value, problems } = await context.services.events.deleteSubscriber(id);
    return { deletedId: value?.id ?? null, problems };
  }),
  pauseSubscriber: rootField(({ input: { id } }: InputOf<Id>, context) =>
    change(id, context, ({ events }) => events.pause(id)),
  ),
  resumeSubscriber: rootField(({ input: { id } }: InputOf<Id>, context) =>
    change(id, context, ({ events }) => events.resume(id)),
  ),
  replayEvents: rootField(
    (
      {
        input: { subscriber, after },
      }: InputOf<{ readonly subscriber: string; readonly after: string }>,
      context,
    ) =>
      change(subscriber, context, ({ events }) => events.replay(subscriber, after), 'subscriber'),
  ),
  replayDeadLetters: rootField(async ({ input: { ids } }: InputOf<Ids>, context) => {
    const problems = await refuseForeign(ids, context);
    if (problems.length > 0) return { delivered: null, problems };
    const answer = await context.services.events.replayDeadLetters(ids);
    return { delivered: answer.value?.delivered ?? null, problems: answer.problems };
  }),
  discardDeadLetters: rootField(async ({ input: { ids } }: InputOf<Ids>, context) => {
    const problems = await refuseForeign(ids, context);
    if (problems.length > 0) return { discarded: null, problems };
    const answer = await context.services.events.discardDeadLetters(ids);
    return { discarded: answer.value?.discarded ?? null, problems: answer.problems };
  }),
  vetoEvent: rootField(async ({ input }: InputOf<Veto>, context) => {
    const { subscriber } = input;
    if ((await ownSubscriber(subscriber, context)) === undefined) {
      return { saga: null, problems: [noSubscriber(subscriber, 'subscriber')] };
    }
    const { services, caller } = context;
    const { value, problems } = await services.events.veto(input, caller.actor);
    return { saga: value, problems };
  }),
};

export const subscriberResolvers: Readonly<Record<string, TypeResolvers>> = {
  Query: queries,
  Mutation: mutations,
};

async function change(
  id: string,
  context: LedgerContext,
  work: (services: LedgerContext['services']) => Promise<AnsweredSubscriber>,
  field = 'id',
) {
  if ((await ownSubscriber(id, context)) === undefined) {
    return { subscriber: null, problems: [noSubscriber(id, field)] };
  }
  const { value, problems } = await work(context.services);
  return { subscriber: value?.subscriber ?? null, problems };
}

async function refuseForeign(ids: readonly string[], context: LedgerContext) {
  const foreign = await foreignDeadLetters(ids, context);
  return foreign.map((id) => ({
    code: 'NOT_FOUND',
    message: `You have no dead letter with the id "${id.slice(0, 80)}". deadLetters lists those that you have.`,
    field: 'ids',
  }));
}
