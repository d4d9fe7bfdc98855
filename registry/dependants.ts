import type { ConstDirectiveNode, DocumentNode } from 'graphql';
import { namedTypeOf } from '../mapping/field-type.ts';
import {
  collectTypes,
  findDirectives,
  stringArgument,
  type TypeSource,
} from '../mapping/schema-source.ts';
import { coordinatesOfFieldSet } from './field-set.ts';

/** A type or field of a subgraph that cannot do without a field of another one. */
export interface Dependant {
  readonly subgraph: string;
  /** `Type.field`, or `Type` for a key. */
  readonly coordinate: string;
  readonly directive: 'requires' | 'provides' | 'key';
}

interface Subgraph {
  readonly name: string;
  readonly document: DocumentNode;
}

/** Everything in the subgraph whose `@requires`, `@provides` or `@key` names the field `Type.field`. */
export function dependantsOf(
  coordinate: string,
  { name, document }: Subgraph,
): readonly Dependant[] {
  const types = collectTypes(document);
  return [...types.values()].flatMap((type) => [
    ...dependantIf(type.name, 'key', findDirectives(type, 'key'), type.name),
    ...type.fields.flatMap((field) => {
      const own = `${type.name}.${field.name.value}`;
      return [
        ...dependantIf(own, 'requires', findDirectives(field, 'requires'), type.name),
        ...dependantIf(own, 'provides', findDirectives(field, 'provides'), namedTypeOf(field.type)),
      ];
    }),
  ]);

  function dependantIf(
    own: string,
    directive: Dependant['directive'],
    nodes: readonly ConstDirectiveNode[],
    fieldSetType: string,
  ): readonly Dependant[] {
    const isNeeded = nodes.some((node) => namesField(node, fieldSetType, types, coordinate));
    return isNeeded ? [{ subgraph: name, coordinate: own, directive }] : [];
  }
}

/** `Customer.creditLimit of sales @requires it`. */
export function describeDependant({ subgraph, coordinate, directive }: Dependant): string {
  const verb = directive === 'key' ? 'has it in its @key' : `@${directive} it`;
  return `${coordinate} of ${subgraph} ${verb}`;
}

function namesField(
  directive: ConstDirectiveNode,
  typeName: string,
  types: ReadonlyMap<string, TypeSource>,
  coordinate: string,
): boolean {
  const fieldSet = stringArgument(directive, 'fields') ?? '';
  return coordinatesOfFieldSet(fieldSet, typeName, types).includes(coordinate);
}
