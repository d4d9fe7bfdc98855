import {
  GraphQLError,
  isListType,
  isNonNullType,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type SelectionSetNode,
} from 'graphql';
import { isJsonObject, type JsonObject } from '../../foundation/json-object.ts';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';
import type { AnswerPath } from '../fetch/answer-so-far.ts';
import { fieldsAt } from '../plan/operation/fields-at.ts';
import type { NarrowedOperation, WithheldField } from './narrow-operation.ts';

/** More errors of one field tell a reader nothing new. */
const maximumPlaces = 50;

/** Puts nulls and their errors into answers of a narrowed operation. */
export class WithheldPlaces {
  readonly #root: Level;

  constructor(narrowed: NarrowedOperation) {
    const operation: Narrowed = { ...narrowed, fragments: fragmentsOf(narrowed.document) };
    this.#root = new Level([narrowed.operation.selectionSet], operation);
  }

  /** One that is withheld at the root, where there is one. */
  get atRoot(): WithheldField | undefined {
    return this.#root.allWithheld[0];
  }

  /** One at the root that must not be null, where there is one. */
  get requiredAtRoot(): WithheldField | undefined {
    return this.#root.allWithheld.find(({ type }) => isNonNullType(type));
  }

  /** The answer as the client gets it. */
  complete(data: JsonObject): {
    readonly data: JsonObject | null;
    readonly errors: readonly GraphQLError[];
  } {
    const errors = new Errors();
    return { data: this.#root.complete(data, [], errors), errors: errors.all };
  }
}

class Errors {
  readonly all: GraphQLError[] = [];
  readonly #counts = new Map<WithheldField, number>();

  add(field: WithheldField, path: AnswerPath): void {
    const count = (this.#counts.get(field) ?? 0) + 1;
    this.#counts.set(field, count);
    if (count > maximumPlaces) return;
    const { error: originalError } = field;
    this.all.push(new GraphQLError(originalError.message, { path, originalError }));
  }
}

interface Narrowed extends NarrowedOperation {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

interface Known {
  readonly type: GraphQLOutputType;
  readonly sets: SelectionSetNode[];
  /** Made when an answer first comes here, since fragments within fragments may have more places than any answer. */
  level?: Level;
}

/** What is withheld of an object of the answer, and below it. */
class Level {
  readonly #narrowed: Narrowed;
  readonly #withheld = new Map<string, WithheldField>();
  readonly #known = new Map<string, Known>();

  constructor(sets: readonly SelectionSetNode[], narrowed: Narrowed) {
    this.#narrowed = narrowed;
    for (const field of fieldsAt(sets, narrowed.fragments)) this.#add(field);
  }

  get allWithheld(): readonly WithheldField[] {
    return [...this.#withheld.values()];
  }

  /** Null where a field is null that must not be. */
  complete(object: JsonObject, path: AnswerPath, errors: Errors): JsonObject | null {
    const members = new Map<string, unknown>();
    let hasForbiddenNull = false;
    for (const [key, value] of Object.entries(object)) {
      const field = this.#withheld.get(key);
      if (field === undefined) {
        const completed = this.#completeMember(key, value, path, errors);
        members.set(key, completed);
        hasForbiddenNull ||= completed === undefined;
        // Another fragment may have it by a way on which nothing is asked of the caller.
      } else if (!Object.hasOwn(object, field.responseKey)) {
        errors.add(field, [...path, field.responseKey]);
        members.set(field.responseKey, null);
        hasForbiddenNull ||= isNonNullType(field.type);
      }
    }
    return hasForbiddenNull ? null : Object.fromEntries(members);
  }

  #completeMember(key: string, value: unknown, path: AnswerPath, errors: Errors): unknown {
    const known = this.#known.get(key);
    if (known === undefined) return value;
    const level = (known.level ??= new Level(known.sets, this.#narrowed));
    return completeValue({ value, type: known.type, path: [...path, key], level, errors });
  }

  #add(node: FieldNode): void {
    const key = (node.alias ?? node.name).value;
    const field = this.#narrowed.withheld.get(node);
    if (field !== undefined) this.#withheld.set(key, field);
    const type = this.#narrowed.types.get(node);
    if (type === undefined || node.selectionSet === undefined) return;
    const known = this.#known.get(key) ?? { type, sets: [] };
    this.#known.set(key, known);
    known.sets.push(node.selectionSet);
  }
}

interface Completion {
  readonly value: unknown;
  readonly type: GraphQLOutputType;
  readonly path: AnswerPath;
  readonly level: Level;
  readonly errors: Errors;
}

/** Undefined where the value is null and must not be. */
function completeValue({ value, type, ...rest }: Completion): unknown {
  if (value === null || value === undefined) return null;
  const isRequired = isNonNullType(type);
  const completed = completeNullable({ value, type: isRequired ? type.ofType : type, ...rest });
  return completed === null && isRequired ? undefined : completed;
}

function completeNullable({ value, type, path, level, errors }: Completion): unknown {
  if (!Array.isArray(value))
    return isJsonObject(value) ? level.complete(value, path, errors) : value;
  if (!isListType(type)) return value;
  const { ofType } = type;
  const items = value.map((item: unknown, index) =>
    completeValue({ value: item, type: ofType, path: [...path, index], level, errors }),
  );
  return items.includes(undefined) ? null : items;
}
