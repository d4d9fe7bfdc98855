import type { FieldValues } from '../ledger/identity-command.ts';
import type { EventEntity } from './event-entities.ts';
import type { LedgerContext } from './ledger-context.ts';
import { versionField } from './names.ts';
import { checkSize } from './read-page-arguments.ts';
import { rootField, type TypeResolvers } from './resolver.ts';

/** References to an entity, its version, and the groups of those that are probably one. */
export function entityResolvers(entity: EventEntity): Readonly<Record<string, TypeResolvers>> {
  const { name, names, hasDuplicates } = entity;
  const duplicates = rootField(
    async ({ first }: { readonly first: number }, { services, limits }) => {
      checkSize(names.duplicates, first, limits.pageSize);
      const groups = await services.duplicates(name, first);
      return groups.map(({ value, keys }) => ({ value, [names.many]: keys }));
    },
  );
  return {
    [name]: {
      // Apollo's library calls it with the context in the place of arguments.
      __resolveReference: (reference, context) => resolveReference(entity, reference, context),
      [versionField]: async (parent, _args, context) =>
        versionOf(parent) ?? (await context.versions.load(name, keyOf(entity, parent))),
    },
    ...(hasDuplicates ? { Query: { [names.duplicates]: duplicates } } : {}),
  };
}

async function resolveReference(
  entity: EventEntity,
  reference: unknown,
  context: unknown,
): Promise<unknown> {
  const key = keyOf(entity, reference);
  const { versions } = context as LedgerContext;
  const version = await versions.load(entity.name, key);
  return version === null ? null : { ...key, [versionField]: version };
}

function keyOf({ key }: EventEntity, reference: unknown): FieldValues {
  const values = reference as FieldValues;
  return Object.fromEntries(key.map(({ name }) => [name, values[name]]));
}

function versionOf(parent: unknown): unknown {
  return (parent as FieldValues)[versionField];
}
