import type { LedgerContext } from './ledger-context.ts';

export type FieldResolver = (parent: unknown, args: object, context: LedgerContext) => unknown;

export interface SubscriptionResolver {
  readonly resolve: FieldResolver;
  readonly subscribe: FieldResolver;
}

export type TypeResolvers = Readonly<Record<string, FieldResolver | SubscriptionResolver>>;

/** Written as a method so that its first parameter may be typed as what the schema has checked it to be. */
type Resolve = {
  resolve(given: unknown, context: LedgerContext): unknown;
}['resolve'];

/** A root field's resolver, by its arguments. */
export function rootField(resolve: Resolve): FieldResolver {
  return (_parent, args, context) => resolve(args, context);
}

/** A field's resolver, by what its parent's resolver returned. */
export function fieldOf(resolve: Resolve): FieldResolver {
  return (parent, _args, context) => resolve(parent, context);
}

/** A mutation's arguments. */
export interface InputOf<Input> {
  readonly input: Input;
}

/** The input without what is null: a tool that sends null for what it does not know means the same as leaving it out. */
export function given<Input extends object>(input: Input): Given<Input> {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== null && value !== undefined),
  ) as Given<Input>;
}

export type Given<Input> = { readonly [Name in keyof Input]: Exclude<Input[Name], null> };
