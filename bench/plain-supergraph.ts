import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { workDirectory } from './data-set.ts';
import { HttpConnection } from './measure/http-connection.ts';
import { pagesSdl } from './servers/pages-schema.ts';

const domains = ['identity', 'sales', 'support', 'billing'];

export interface PlainSubgraphs {
  /** Where the four domains are served, each under `/subgraphs/`. */
  readonly port: number;
  /** Where the list of references is served. */
  readonly pagesUrl: string;
}

/** Composes what other gateways are given: the authored subgraphs without a hub, and the list that they lack. */
export async function writePlainSupergraph(
  name: string,
  { port, pagesUrl }: PlainSubgraphs,
): Promise<string> {
  const authored = await Promise.all(
    domains.map(async (domain) => ({
      name: domain,
      url: `http://127.0.0.1:${port}/subgraphs/${domain}`,
      typeDefs: parse(await readSdl(port, domain)),
    })),
  );
  const pages = { name: 'pages', url: pagesUrl, typeDefs: parse(pagesSdl) };
  const { supergraphSdl, errors } = composeServices([...authored, pages]);
  if (supergraphSdl === undefined) throw new Error(errors?.map(String).join('\n'));
  await mkdir(workDirectory, { recursive: true });
  const file = join(workDirectory, `${name}.graphql`);
  await writeFile(file, supergraphSdl);
  return file;
}

async function readSdl(port: number, domain: string): Promise<string> {
  const connection = await HttpConnection.open(port);
  const query = '{ _service { sdl } }';
  const { body } = await connection.ask(`/subgraphs/${domain}`, JSON.stringify({ query }));
  connection.close();
  const { data } = JSON.parse(body) as { readonly data: { readonly _service: { sdl: string } } };
  return data._service.sdl;
}
