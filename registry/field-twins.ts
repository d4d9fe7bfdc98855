import { Kind, type ConstArgumentNode, type DocumentNode, type SelectionSetNode } from 'graphql';
import { findDirectives, stringArgument } from '../mapping/schema-source.ts';
import { graphOf, joinFields, requiredFields } from './join-field.ts';

/** A hidden field of a prepared supergraph that stands for another one with certain arguments. */
export interface FieldTwin {
  readonly field: string;
  readonly arguments: readonly ConstArgumentNode[];
}

/** By the name that the twin has, whatever the type. */
export type TwinsByName = ReadonlyMap<string, FieldTwin>;

/** By `Type.field`, where in a representation twins stand that the field requires: `price__with_0`, `item.price__with_0`. */
export type RequiredTwins = ReadonlyMap<string, ReadonlySet<string>>;

/** What is in a prepared supergraph and in no subgraph, and what it means there. */
export interface FieldTwins {
  readonly byName: TwinsByName;
  /** By the name of the subgraph that has the fields. */
  readonly requiredBy: ReadonlyMap<string, RequiredTwins>;
}

/** What the fields of each subgraph require of twins. */
export function requiredTwins(
  supergraph: DocumentNode,
  byName: TwinsByName,
): FieldTwins['requiredBy'] {
  const all = new Map<string, Map<string, ReadonlySet<string>>>();
  const names = subgraphNames(supergraph);
  for (const node of supergraph.definitions) {
    const hasFields =
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
    for (const field of (hasFields && node.fields) || []) {
      for (const directive of joinFields(field)) {
        const required = requiredFields(directive);
        const paths = required === undefined ? [] : twinPaths(required, '', byName);
        const subgraph = names.get(graphOf(directive));
        if (paths.length === 0 || subgraph === undefined || !hasFields) continue;
        const fields = all.get(subgraph) ?? new Map<string, ReadonlySet<string>>();
        all.set(subgraph, fields.set(`${node.name.value}.${field.name.value}`, new Set(paths)));
      }
    }
  }
  return all;
}

function twinPaths(
  { selections }: SelectionSetNode,
  above: string,
  byName: TwinsByName,
): readonly string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return twinPaths(selection.selectionSet, above, byName);
    }
    const name = selection.name.value;
    const path = above === '' ? name : `${above}.${name}`;
    const below = selection.selectionSet && twinPaths(selection.selectionSet, path, byName);
    return [...(byName.has(name) ? [path] : []), ...(below ?? [])];
  });
}

/** The names of subgraphs by the values of `join__Graph`. */
export function subgraphNames({ definitions }: DocumentNode): ReadonlyMap<string, string> {
  const graphs = definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  );
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  return new Map(
    values.flatMap((value) => {
      const [directive] = findDirectives(value, 'join__graph');
      const name = directive && stringArgument(directive, 'name');
      return name === undefined ? [] : [[value.name.value, name]];
    }),
  );
}
