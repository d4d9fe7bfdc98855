import {
  buildASTSchema,
  Kind,
  OverlappingFieldsCanBeMergedRule,
  parse,
  printSchema,
  validate,
  visit,
  type ASTNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';

/**
 * Fields that come together under one key have to be of one type, and a type name is a String!:
 * https://spec.graphql.org/September2025/#sec-Field-Selection-Merging
 *
 * graphql-js (16.15) takes `__typename` for a field of no type there, and Apollo's gateway breaks off where it finds
 * the name of a type in place of a list. So an operation that has another field under the key of a type name is
 * compared again, by a schema in which `__typename` is a field as any other.
 */
export function typeNamesMerge(): ValidationRule {
  const known = new WeakMap<GraphQLSchema, GraphQLSchema>();
  const withTypeNames = (schema: GraphQLSchema): GraphQLSchema => {
    const found = known.get(schema) ?? schemaWithTypeNames(schema);
    known.set(schema, found);
    return found;
  };
  return (context) => ({
    Document(document) {
      if (!sharesKeys(document)) return;
      const schema = withTypeNames(context.getSchema());
      for (const error of validate(schema, document, [OverlappingFieldsCanBeMergedRule]))
        if (error.nodes?.some(isTypeName)) context.reportError(error);
    },
  });
}

/** Whether another field has the key of a type name, anywhere in the document. */
function sharesKeys(document: DocumentNode): boolean {
  const keys = new Set<string>();
  const others = new Set<string>();
  visit(document, {
    Field(node) {
      (isTypeName(node) ? keys : others).add((node.alias ?? node.name).value);
    },
  });
  return [...keys].some((key) => others.has(key));
}

function isTypeName(node: ASTNode): boolean {
  return node.kind === Kind.FIELD && node.name.value === '__typename';
}

/** Fields of an object type alone may differ from those of another. */
function schemaWithTypeNames(schema: GraphQLSchema): GraphQLSchema {
  const document = visit(parse(printSchema(schema), { noLocation: true }), {
    ObjectTypeDefinition: (node) => ({ ...node, fields: [...(node.fields ?? []), typeName] }),
  });
  return buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
}

const typeName: FieldDefinitionNode = {
  kind: Kind.FIELD_DEFINITION,
  name: { kind: Kind.NAME, value: '__typename' },
  type: {
    kind: Kind.NON_NULL_TYPE,
    type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'String' } },
  },
};
