import { Kind, parse, type FieldDefinitionNode, type ObjectTypeDefinitionNode } from 'graphql';
import pluralize from 'pluralize';
import { namesOf } from './names.ts';
import { defaultPageSize, maximumPageSize } from './page-size.ts';

export interface ListDefinitions {
  readonly rootField: FieldDefinitionNode;
  readonly types: readonly ObjectTypeDefinitionNode[];
}

/** The paged list of an entity: its root field and its connection, after the Relay specification. */
export function listDefinitions(entityName: string): ListDefinitions {
  const names = namesOf(entityName);
  const plural = pluralize(entityName);
  const [query, ...types] = objectTypes(`
    type Query {
      "A page of all ${plural}, oldest in the lake first."
      ${names.many}(
        "How many at most: up to ${maximumPageSize}, and ${defaultPageSize} unless given."
        first: Int
        "The \`endCursor\` of the page before."
        after: String
      ): ${names.connection}!
    }

    "A page of ${plural}."
    type ${names.connection} {
      "The ${plural} of the page."
      nodes: [${entityName}!]!
      "The same with a cursor each."
      edges: [${names.edge}!]!
      "Where the page stands in the list."
      pageInfo: PageInfo!
      "How many there are in all pages; counted only when asked for."
      totalCount: Int!
    }

    "One ${entityName} of a page."
    type ${names.edge} {
      "The ${entityName}."
      node: ${entityName}!
      "Its place in the list, for \`after\`."
      cursor: String!
    }
  `);
  const [rootField] = query?.fields ?? [];
  if (rootField === undefined) throw new Error(`No list field came out of the name ${entityName}`);
  return { rootField, types };
}

export function pageInfoDefinition(): ObjectTypeDefinitionNode {
  const [pageInfo] = objectTypes(`
    "Where a page stands in its list."
    type PageInfo @shareable {
      "Whether there is more after this page."
      hasNextPage: Boolean!
      "Whether there is something before this page."
      hasPreviousPage: Boolean!
      "Cursor of the first item; null on an empty page."
      startCursor: String
      "Cursor of the last item; null on an empty page."
      endCursor: String
    }
  `);
  if (pageInfo === undefined) throw new Error('PageInfo does not parse');
  return pageInfo;
}

function objectTypes(sdl: string): readonly ObjectTypeDefinitionNode[] {
  return parse(sdl, { noLocation: true }).definitions.filter(
    (definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION,
  );
}
