import { ownedName } from '../mapping/owned-name.ts';
import { errorCodeDef, FEDERATION_VERSIONS } from '@apollo/federation-internals';
import { isTypeDefinitionNode, Kind, specifiedScalarTypes, type DocumentNode } from 'graphql';
import { nearestName } from '../foundation/errors/did-you-mean.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import { collectTypes, findDirective } from '../mapping/schema-source.ts';
import { findFederationLink } from './linked-features.ts';
import { mappingDirectiveNames } from './mapping-directives.ts';

interface Finding {
  readonly code: string;
  readonly message: string;
  readonly places: readonly { readonly subgraph: string }[];
  readonly subgraphs: readonly { readonly name: string; readonly document: DocumentNode }[];
}

/** How to mend what federation's tooling found, by its code. */
export function adviseOn(finding: Finding): string {
  const { code } = finding;
  const ownAdvice =
    code === 'INVALID_FIELD_SHARING' ? adviseOnSharing(finding) : adviseOnName(finding);
  return ownAdvice ?? adviceByCode[code] ?? descriptionOf(code);
}

const latestVersion = FEDERATION_VERSIONS.latest().version;

const adviceByCode: Readonly<Record<string, string>> = {
  SATISFIABILITY_ERROR:
    'Give the type a @key in the subgraph that has the field, with fields that the other subgraphs know, or move the field.',
  REQUIRES_INVALID_FIELDS:
    'A field that @requires names has to stand in the same type of this subgraph, marked @external.',
  PROVIDES_INVALID_FIELDS:
    'A field that @provides names has to stand in the type that the field returns, in this subgraph, marked @external.',
  KEY_INVALID_FIELDS: 'A @key names fields of its own type, in this subgraph.',
  EXTERNAL_UNUSED:
    'Remove the field, or name it in a @requires, @provides or @key of this subgraph.',
  EXTERNAL_MISSING_ON_BASE:
    'Let one subgraph define the field without @external, or remove it everywhere.',
  EXTERNAL_TYPE_MISMATCH: 'Give the @external field the type that it has with its owner.',
  FIELD_TYPE_MISMATCH: 'Agree on one type for the field; a key has the same type everywhere.',
  TYPE_KIND_MISMATCH:
    'Make it the same kind of type in every subgraph, or give one of them another name.',
  EXTENSION_WITH_NO_BASE:
    'The subgraph that defined the type is gone, or its name is misspelt: write "type" instead of "extend type", or mend the name.',
  ENUM_VALUE_MISMATCH:
    'An enum that is both read and written has the same values in every subgraph: add what is missing.',
  NO_QUERIES: 'Give at least one subgraph a type Query with a field.',
  UNKNOWN_FEDERATION_LINK_VERSION: `Link federation v2.0 to v${latestVersion.major}.${latestVersion.minor}.`,
  INVALID_GRAPHQL: 'Mend the schema at this place.',
};

/** A fact of an entity has one owner; a type without a key is a value, which several may define alike. */
function adviseOnSharing({ message, places, subgraphs }: Finding): string | undefined {
  const { type, field } = /"(?<type>\w+)\.(?<field>\w+)"/.exec(message)?.groups ?? {};
  const [first, second] = places;
  if (type === undefined || field === undefined || first === undefined || second === undefined)
    return undefined;
  const isRoot = ['Query', 'Mutation', 'Subscription'].includes(type);
  if (!isRoot && !subgraphs.some(({ document }) => isEntity(type, document))) {
    return `If ${type} means the same in each of them, mark it @shareable in all of them; otherwise name them apart.`;
  }
  const parameters = {
    type,
    field,
    first: first.subgraph,
    firstPlace: '',
    second: second.subgraph,
    secondPlace: '',
    firstName: ownedName(first.subgraph, field),
    secondName: ownedName(second.subgraph, field),
  };
  return raise('FIELD_HAS_TWO_OWNERS', parameters).hint;
}

function isEntity(typeName: string, document: DocumentNode): boolean {
  const type = collectTypes(document).get(typeName);
  return type !== undefined && findDirective(type, 'key') !== undefined;
}

/** An unknown type or directive is mostly a misspelt one. */
function adviseOnName({ message, places, subgraphs }: Finding): string | undefined {
  const { kind, name } =
    /^Unknown (?<kind>type|directive) "?@?(?<name>\w+)/.exec(message)?.groups ?? {};
  const document = subgraphs.find((subgraph) => subgraph.name === places[0]?.subgraph)?.document;
  if (kind === undefined || name === undefined || document === undefined) return undefined;
  const nearest = nearestName(
    name,
    kind === 'type' ? typeNames(document) : directiveNames(document),
  );
  if (nearest === undefined) return undefined;
  return `Did you mean "${kind === 'type' ? '' : '@'}${nearest}"?`;
}

function typeNames(document: DocumentNode): readonly string[] {
  const own = document.definitions.filter(isTypeDefinitionNode).map((node) => node.name.value);
  return [...own, ...specifiedScalarTypes.map(({ name }) => name)];
}

function directiveNames(document: DocumentNode): readonly string[] {
  const declared = document.definitions.flatMap((node) =>
    node.kind === Kind.DIRECTIVE_DEFINITION ? [node.name.value] : [],
  );
  const imported = [...(findFederationLink(document)?.imports.values() ?? [])].flatMap((name) =>
    name.startsWith('@') ? [name.slice(1)] : [],
  );
  return [...declared, ...imported, ...mappingDirectiveNames, 'deprecated', 'specifiedBy'];
}

function descriptionOf(code: string): string {
  return errorCodeDef(code)?.description ?? 'Mend the schemas at these places.';
}
