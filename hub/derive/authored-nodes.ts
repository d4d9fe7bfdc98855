import { Kind, type DocumentNode, type FieldDefinitionNode, type TypeNode } from 'graphql';
import type { LakeModel } from '../../mapping/model.ts';
import { collectTypes, type TypeSource } from '../../mapping/schema-source.ts';

/** A type as a domain's team wrote it; the model knows that it is there. */
export function authoredType(domain: string, name: string, model: LakeModel): TypeSource {
  const document = model.domains.find((candidate) => candidate.name === domain)?.document;
  const type = document && typesOf(document).get(name);
  if (type === undefined) throw new Error(`${domain} has no type ${name}`);
  return type;
}

/** Types of a schema, collected once: every field that the hub copies asks for its own. */
export function typesOf(document: DocumentNode): ReadonlyMap<string, TypeSource> {
  const known = collected.get(document) ?? collectTypes(document);
  collected.set(document, known);
  return known;
}

const collected = new WeakMap<DocumentNode, ReadonlyMap<string, TypeSource>>();

export function authoredField(
  domain: string,
  typeName: string,
  name: string,
  model: LakeModel,
): FieldDefinitionNode {
  const { fields } = authoredType(domain, typeName, model);
  const field = fields.find((candidate) => candidate.name.value === name);
  if (field === undefined) throw new Error(`${domain} has no field ${typeName}.${name}`);
  return field;
}

export function nullableType(type: TypeNode): TypeNode {
  return type.kind === Kind.NON_NULL_TYPE ? type.type : type;
}
