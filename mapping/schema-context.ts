import type { InputObjectTypeDefinitionNode } from 'graphql';
import type { TypeSource } from './schema-source.ts';

/** What the fields of a domain's types may refer to. */
export interface SchemaContext {
  readonly domain: string;
  readonly types: ReadonlyMap<string, TypeSource>;
  readonly enums: ReadonlyMap<string, ReadonlySet<string>>;
  readonly inputs: ReadonlyMap<string, InputObjectTypeDefinitionNode>;
}
