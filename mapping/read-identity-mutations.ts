import type { FieldDefinitionNode } from 'graphql';
import pluralize from 'pluralize';
import { Kind } from 'graphql';
import { didYouMean } from '../foundation/errors/did-you-mean.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import { isListType, namedTypeOf } from './field-type.ts';
import type { IdentityMutation, LakeType, MappedField } from './model.ts';
import type { SchemaContext } from './schema-context.ts';
import { findDirective, locate } from './schema-source.ts';

/** Fields of inputs that say how something is done, and nothing of the entity. */
const controls: Readonly<Record<IdentityMutation['kind'], readonly string[]>> = {
  create: ['idempotencyKey'],
  update: ['expectedVersion', 'idempotencyKey'],
  delete: ['expectedVersion', 'idempotencyKey'],
  merge: ['idempotencyKey'],
};

/** Fields that the product sets itself, by their names. */
export const stampedFields = ['createdAt', 'updatedAt', 'createdBy', 'updatedBy'] as const;

/**
 * Mutations that need no resolver: `createCustomer`, `updateCustomer`, `deleteCustomer` and `mergeCustomers` for an
 * entity whose identity this domain has. Each takes one argument, `input`, and returns an object with the entity
 * (null when it failed), its `version` and `errors { code message field }`. One that is marked `@computed` is left to
 * `resolvers.ts`.
 *
 * @throws MUTATION_SHAPE_INVALID
 */
export function readIdentityMutations(
  context: SchemaContext,
  types: readonly LakeType[],
): readonly IdentityMutation[] {
  const identities = types.filter(({ leanFields }) => leanFields !== undefined);
  return (context.types.get('Mutation')?.fields ?? []).flatMap((field) => {
    if (findDirective(field, 'computed') !== undefined) return [];
    for (const identity of identities) {
      const kind = kindOf(field.name.value, identity.name);
      if (kind !== undefined) return [readMutation(field, kind, identity, context)];
    }
    return [];
  });
}

function kindOf(name: string, entity: string): IdentityMutation['kind'] | undefined {
  if (name === `merge${pluralize(entity)}`) return 'merge';
  return (['create', 'update', 'delete'] as const).find((kind) => name === `${kind}${entity}`);
}

function readMutation(
  field: FieldDefinitionNode,
  kind: IdentityMutation['kind'],
  identity: LakeType,
  context: SchemaContext,
): IdentityMutation {
  const refuse = (problem: string): Error =>
    raise('MUTATION_SHAPE_INVALID', { mutation: field.name.value, problem }, { at: locate(field) });
  const [argument, another] = field.arguments ?? [];
  if (argument?.name.value !== 'input' || another !== undefined)
    throw refuse('it has to have one argument, `input`');
  const inputName = namedTypeOf(argument.type);
  const names = inputFieldNames(inputName, context);
  if (names === undefined) throw refuse(`${inputName} is no input type of this schema`);
  const known = knownInputFields(kind, identity);
  for (const name of names) {
    if (known.includes(name)) continue;
    throw refuse(`${inputName} has the field ${name}. ${didYouMean(name, known)}`.trim());
  }
  for (const name of requiredInputFields(kind, identity)) {
    if (!names.includes(name)) throw refuse(`${inputName} lacks the field ${name}`);
  }
  if (kind === 'merge' && identity.keys[0].fields.length > 1)
    throw refuse(`the key of ${identity.name} has several fields, and an id is one`);
  return {
    name: field.name.value,
    kind,
    entity: identity.name,
    inputFields: names.filter((name) => !controls[kind].includes(name)),
    payloadField: payloadFieldOf(field, identity, context, refuse),
  };
}

/** All that an input of this kind may hold. */
function knownInputFields(kind: IdentityMutation['kind'], identity: LakeType): readonly string[] {
  const key = identity.keys[0].fields;
  const settable = identity.fields.map(({ name }) => name).filter((name) => !isStamped(name));
  switch (kind) {
    case 'create':
    case 'update':
      return [...settable, ...controls[kind]];
    case 'delete':
      return [...key, ...controls[kind]];
    case 'merge':
      return ['winnerId', 'loserId', ...controls[kind]];
  }
}

/** Without these, no request could ever succeed. */
function requiredInputFields(
  kind: IdentityMutation['kind'],
  identity: LakeType,
): readonly string[] {
  const key = identity.keys[0].fields;
  switch (kind) {
    case 'create': {
      const isMadeUp = ({ name, sqlType }: MappedField): boolean =>
        key.length === 1 && key.includes(name) && sqlType.kind === 'VARCHAR';
      const isNeeded = (field: MappedField): boolean =>
        (field.isNonNull || key.includes(field.name)) && !isMadeUp(field) && !isStamped(field.name);
      return identity.fields.filter(isNeeded).map(({ name }) => name);
    }
    case 'update':
    case 'delete':
      return key;
    case 'merge':
      return ['winnerId', 'loserId'];
  }
}

function isStamped(name: string): boolean {
  return stampedFields.some((stamped) => stamped === name);
}

function inputFieldNames(name: string, { inputs }: SchemaContext): readonly string[] | undefined {
  return inputs.get(name)?.fields?.map((field) => field.name.value);
}

function payloadFieldOf(
  field: FieldDefinitionNode,
  identity: LakeType,
  context: SchemaContext,
  refuse: (problem: string) => Error,
): string {
  const payloadName = namedTypeOf(field.type);
  const payload = context.types.get(payloadName);
  const members = payload?.fields ?? [];
  const entityField = members.find((member) => namedTypeOf(member.type) === identity.name);
  if (entityField === undefined || isListType(entityField.type))
    throw refuse(`${payloadName} has no field of the type ${identity.name}`);
  if (entityField.type.kind === Kind.NON_NULL_TYPE)
    throw refuse(`${payloadName}.${entityField.name.value} may be null when something is wrong`);
  const errors = members.find((member) => member.name.value === 'errors');
  const problem = errors && context.types.get(namedTypeOf(errors.type));
  const parts = (problem?.fields ?? []).map(({ name }) => name.value);
  if (!['code', 'message', 'field'].every((name) => parts.includes(name)))
    throw refuse(`${payloadName} lacks \`errors\` with code, message and field`);
  return entityField.name.value;
}
