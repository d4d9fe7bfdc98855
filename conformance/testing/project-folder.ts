import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { repositoryDirectory } from './start-project.ts';

/** A project that a test may change: what a domain team does to its folder, the test does to files of a copy. */
export class ProjectFolder {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** The four domains of this repository with their seed files. */
  static copyOfRepository(directory: string): ProjectFolder {
    for (const path of ['subgraphs', 'supergraph.yaml', 'lake-data/seed']) {
      cpSync(join(repositoryDirectory, path), join(directory, path), { recursive: true });
    }
    return new ProjectFolder(directory);
  }

  /** No domain at all. */
  static empty(directory: string): ProjectFolder {
    const project = new ProjectFolder(directory);
    project.write('supergraph.yaml', 'federation_version: =2.9.0\nsubgraphs:\n');
    return project;
  }

  pathOf(path: string): string {
    return join(this.directory, path);
  }

  read(path: string): string {
    return readFileSync(this.pathOf(path), 'utf8');
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.pathOf(path)), { recursive: true });
    writeFileSync(this.pathOf(path), text);
  }

  /** Replaces the one place where the file has `from`. */
  edit(path: string, from: string, to: string): void {
    const parts = this.read(path).split(from);
    if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} times: ${from}`);
    this.write(path, parts.join(to));
  }

  remove(path: string): void {
    rmSync(this.pathOf(path), { recursive: true });
  }

  link(path: string, target: string): void {
    mkdirSync(dirname(this.pathOf(path)), { recursive: true });
    symlinkSync(target, this.pathOf(path));
  }

  /**
   * All that adding a domain takes: its folder, and its entry in the list.
   * @param url of a remote subgraph
   */
  addSubgraph(name: string, schema: string, url?: string): void {
    this.write(`subgraphs/${name}/schema.graphql`, schema);
    this.write('supergraph.yaml', this.read('supergraph.yaml') + entryOf(name, url));
  }

  removeSubgraph(name: string): void {
    this.edit('supergraph.yaml', entryOf(name), '');
    this.remove(`subgraphs/${name}`);
  }

  /** Writes a Parquet file with the rows of a DuckDB query. */
  async writeParquet(path: string, query: string): Promise<void> {
    mkdirSync(dirname(this.pathOf(path)), { recursive: true });
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`COPY (${query}) TO '${this.pathOf(path)}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
  }
}

function entryOf(name: string, url = `http://127.0.0.1:4000/subgraphs/${name}`): string {
  const lines = [
    `  ${name}:`,
    `    routing_url: ${url}`,
    '    schema:',
    `      file: subgraphs/${name}/schema.graphql`,
  ];
  return `${lines.join('\n')}\n`;
}

/** What a schema of a test begins with: the directives of the mapping, and scalars. */
export const schemaHead = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])
directive @table(name: String) on OBJECT
directive @identity(fields: String!) on OBJECT
directive @related(table: String!, columns: [String!]!) repeatable on OBJECT
directive @column(name: String, from: String, type: String, default: String) on FIELD_DEFINITION
directive @relation(columns: [String!]!) on FIELD_DEFINITION
directive @computed on FIELD_DEFINITION
scalar BigInt
scalar Date
scalar DateTime
scalar Decimal
`;
