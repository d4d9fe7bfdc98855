import { TributaryError } from '../../foundation/errors/tributary-error.ts';
import { buildLakeModel } from '../build-lake-model.ts';
import type { Domain, LakeModel } from '../model.ts';
import type { AuthoredSchema } from '../overrides.ts';
import { readDomain } from '../read-domain.ts';
import { parseSchema } from '../schema-source.ts';

/** What stands at the top of a domain's schema, on one line, so that a line of the body is one further down. */
const preamble = [
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [',
  '"@key", "@external", "@requires", "@provides", "@override", "@shareable", "@interfaceObject",',
  '"@tag", "@inaccessible"])',
  'directive @table(name: String) on OBJECT',
  'directive @identity(fields: String!) on OBJECT',
  'directive @related(table: String!, columns: [String!]!) repeatable on OBJECT',
  'directive @column(name: String, from: String, type: String, default: String) on FIELD_DEFINITION',
  'directive @relation(columns: [String!]!) on FIELD_DEFINITION',
  'directive @match(as: String) on FIELD_DEFINITION',
  'directive @computed on FIELD_DEFINITION',
  'scalar Decimal scalar Date scalar DateTime scalar BigInt',
].join(' ');

/** A domain from a schema without its preamble. */
export function inlineDomain(name: string, body: string): Domain {
  return readDomain(name, `${preamble}\n${body}`, `${name}.graphql`);
}

/** A subgraph that is not backed by the lake. */
export function inlineRemote(name: string, body: string): AuthoredSchema {
  return { name, document: parseSchema(`${preamble}\n${body}`, `${name}.graphql`) };
}

/** The model of some domains, each a name and a schema without preamble. */
export function inlineModel(
  domains: Readonly<Record<string, string>>,
  remotes: Readonly<Record<string, string>> = {},
): LakeModel {
  return buildLakeModel(
    Object.entries(domains).map(([name, body]) => inlineDomain(name, body)),
    Object.entries(remotes).map(([name, body]) => inlineRemote(name, body)),
  );
}

/** The error of the catalogue that some work ends with. */
export function errorOf(work: () => unknown): TributaryError {
  try {
    work();
  } catch (error) {
    if (error instanceof TributaryError) return error;
    throw error;
  }
  throw new Error('An error was expected, and there was none.');
}
