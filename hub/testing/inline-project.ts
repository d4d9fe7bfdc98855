import { print, visit, type ASTNode } from 'graphql';
import { composeProject, type ComposedProject } from '../../gateway/graph/compose-project.ts';
import { buildLakeModel } from '../../mapping/build-lake-model.ts';
import { readDomain } from '../../mapping/read-domain.ts';
import { parseSchema } from '../../mapping/schema-source.ts';
import type { HubSchema } from '../derive/derive-hub.ts';

const federationLink = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@external", "@requires", "@provides", "@override", "@shareable", "@interfaceObject", "@tag",
  "@inaccessible", "@authenticated", "@requiresScopes", "@policy", "@cost", "@listSize"])`;

const mappingDirectives = `
  directive @table(name: String) on OBJECT
  directive @identity(fields: String!) on OBJECT
  directive @related(table: String!, columns: [String!]!) repeatable on OBJECT
  directive @column(name: String, from: String, type: String, default: String) on FIELD_DEFINITION
  directive @relation(columns: [String!]!) on FIELD_DEFINITION
  directive @computed on FIELD_DEFINITION`;

/** Schemas by the name of their subgraph; one that links federation itself is taken as it is. */
export type Schemas = Readonly<Record<string, string>>;

/** The composed graph of some domains and remote subgraphs, with its hub. */
export function inlineProject(domainSchemas: Schemas, remoteSchemas: Schemas = {}) {
  const domains = Object.entries(domainSchemas).map(([name, sdl]) =>
    readDomain(name, `${linked(sdl)}\n${mappingDirectives}`, `${name}.graphql`),
  );
  const remotes = Object.entries(remoteSchemas).map(([name, sdl]) => ({
    name,
    url: urlOf(name),
    sdl,
    schemaFile: `${name}.graphql`,
    document: parseSchema(linked(sdl), `${name}.graphql`),
  }));
  const names = [...domains, ...remotes].map(({ name }) => name);
  const project: ComposedProject = composeProject(
    {
      domains,
      remotes,
      urls: new Map(names.map((name) => [name, urlOf(name)])),
      model: buildLakeModel(domains, remotes),
    },
    true,
  );
  const { hubSchema } = project;
  if (hubSchema === undefined) throw new Error('There is nothing in the lake to derive a hub of');
  return { ...project, hubSchema };
}

function linked(sdl: string): string {
  return sdl.includes('@link(') ? sdl : `${federationLink}\n${sdl}`;
}

function urlOf(name: string): string {
  return `http://127.0.0.1:4000/subgraphs/${name}`;
}

/** One definition of the hub's schema as text without descriptions: a type, or a field as `Customer.name`. */
export function hubDefinition({ document }: HubSchema, coordinate: string): string | undefined {
  const [typeName, fieldName] = coordinate.split('.');
  const node = document.definitions.find(
    (definition) => 'name' in definition && definition.name?.value === typeName,
  );
  if (fieldName === undefined) return node && print(withoutDescriptions(node));
  const fields = node !== undefined && 'fields' in node ? (node.fields ?? []) : [];
  const field = fields.find(({ name }) => name.value === fieldName);
  return field && print(withoutDescriptions(field));
}

function withoutDescriptions(node: ASTNode): ASTNode {
  return visit(node, {
    enter: (child) =>
      'description' in child && child.description !== undefined
        ? { ...child, description: undefined }
        : undefined,
  });
}
