import type { FieldNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';
import { isJsonObject } from '../../../foundation/json-object.ts';
import { fieldsAt } from './fields-at.ts';

/** What a field's response key is to be called; undefined where it is to be left out. */
export type NameKey = (field: FieldNode) => string | undefined;

interface SelectedKey {
  readonly name: string | undefined;
  readonly sets: SelectionSetNode[];
  /** Made when an answer first comes here, since fragments within fragments may have more places than any answer. */
  below?: ResponseKeys;
}

/**
 * Other names for the response keys of an answer. They follow the selections that the answer is of, so that the value
 * of a scalar stays as it is, whatever its own keys are called.
 */
export class ResponseKeys {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #nameKey: NameKey;
  readonly #keys = new Map<string, SelectedKey>();

  constructor(
    sets: readonly SelectionSetNode[],
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    nameKey: NameKey,
  ) {
    this.#fragments = fragments;
    this.#nameKey = nameKey;
    for (const field of fieldsAt(sets, fragments)) this.#add(field);
  }

  /** The same value under the other names. What two keys of one object bring under one name comes together. */
  rename(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item: unknown) => this.rename(item));
    if (!isJsonObject(value)) return value;
    const renamed = new Map<string, unknown>();
    for (const [key, item] of Object.entries(value)) {
      const selected = this.#keys.get(key);
      const name = selected === undefined ? key : selected.name;
      if (name === undefined) continue;
      const below = selected && this.#below(selected);
      const inside = below === undefined ? item : below.rename(item);
      renamed.set(name, renamed.has(name) ? together(renamed.get(name), inside) : inside);
    }
    return Object.fromEntries(renamed);
  }

  renamePath([step, ...rest]: readonly (string | number)[]): readonly (string | number)[] {
    if (step === undefined) return [];
    if (typeof step === 'number') return [step, ...this.renamePath(rest)];
    const selected = this.#keys.get(step);
    const below = selected && this.#below(selected);
    return [selected?.name ?? step, ...(below?.renamePath(rest) ?? rest)];
  }

  #add(field: FieldNode): void {
    const key = (field.alias ?? field.name).value;
    const known = this.#keys.get(key) ?? { name: this.#nameKey(field), sets: [] };
    this.#keys.set(key, known);
    if (field.selectionSet !== undefined) known.sets.push(field.selectionSet);
  }

  #below(selected: SelectedKey): ResponseKeys | undefined {
    if (selected.sets.length === 0) return undefined;
    return (selected.below ??= new ResponseKeys(selected.sets, this.#fragments, this.#nameKey));
  }
}

/** One value of two that each have a part of it. */
export function together(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.map((item: unknown, index) => together(item, other[index]));
  }
  // A null that one of them has is more than what the other has not.
  if (!isJsonObject(one) || !isJsonObject(other)) return one ?? (other === undefined ? one : other);
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    names.map((name) => [name, together(ownValue(one, name), ownValue(other, name))]),
  );
}

function ownValue(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
