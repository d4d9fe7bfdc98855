import type { GraphQLFieldResolver } from 'graphql';
import type {
  FieldValues,
  IdentityCommand,
  IdentityWriter,
  Origin,
  Outcome,
} from '../ledger/identity-command.ts';
import type { IdentityMutation } from '../mapping/model.ts';
import type { EntityFinder } from './entity-finder.ts';
import type { SubgraphContext } from './subgraph-context.ts';

type Input = Readonly<Record<string, unknown>>;
type Resolve = GraphQLFieldResolver<unknown, SubgraphContext>;

/** The resolver of a mutation that changes which entities exist: the command, then what it led to. */
export function identityMutation(
  mutation: IdentityMutation,
  finder: EntityFinder,
  identities: IdentityWriter,
): Resolve {
  return async (_parent, { input }: { readonly input: Input }, context) => {
    const outcome = await identities.submit(toCommand(mutation, finder, input, context.origin));
    // What was looked up before is not what is there now.
    context.loaders.forget();
    const isGone = mutation.kind === 'delete' && outcome.status === 'done';
    const isFound = outcome.key !== undefined && !isGone && isShown(outcome);
    return {
      // A reference: only who asks for more than the key makes us look it up.
      [mutation.payloadField]: isFound ? outcome.key : null,
      version: outcome.version ?? null,
      deletedId: isGone ? (outcome.keyText ?? null) : null,
      errors: outcome.problems.map(({ code, message, field }) => ({
        code,
        message,
        field: field ?? null,
      })),
    };
  };
}

/** A refusal shows the entity only where it says that there is one already. */
function isShown({ status }: Outcome): boolean {
  return status !== 'refused';
}

function toCommand(
  { kind, entity, inputFields }: IdentityMutation,
  finder: EntityFinder,
  input: Input,
  origin: Origin,
): IdentityCommand {
  const { idempotencyKey, expectedVersion } = input;
  const keyNames = finder.table.entity.keyFields.map(({ name }) => name);
  const key = pick(input, keyNames);
  const fields = pick(
    input,
    inputFields.filter((name) => !keyNames.includes(name)),
  );
  const basis = {
    entity,
    origin,
    ...(typeof idempotencyKey === 'string' ? { idempotencyKey } : {}),
  };
  const expected = typeof expectedVersion === 'number' ? { expectedVersion } : {};
  switch (kind) {
    case 'create':
      return { ...basis, kind, key, fields };
    case 'update':
      return { ...basis, kind, key, fields, ...expected };
    case 'delete':
      return { ...basis, kind, key, ...expected };
    case 'merge': {
      const [name = 'id'] = keyNames;
      return {
        ...basis,
        kind,
        winner: { [name]: input['winnerId'] },
        loser: { [name]: input['loserId'] },
      };
    }
  }
}

/** What was given; a field that was left out is none of it. */
function pick(input: Input, names: readonly string[]): FieldValues {
  return Object.fromEntries(
    names.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]),
  );
}
