import type {
  EnumTypeDefinitionNode,
  InputObjectTypeDefinitionNode,
  ObjectTypeDefinitionNode,
} from 'graphql';

export type DerivedDefinition =
  | EnumTypeDefinitionNode
  | InputObjectTypeDefinitionNode
  | ObjectTypeDefinitionNode;

/** Types under names that nobody else may have. */
export interface DerivedTypes {
  /** What they are derived from, for a message: an entity, an enum, or the whole graph. */
  readonly origin: string;
  readonly definitions: readonly DerivedDefinition[];
}
