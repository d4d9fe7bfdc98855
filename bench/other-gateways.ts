import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { LakeCopies } from './data-set.ts';
import { hiveGateway } from './peers/install-peers.ts';
import { writePlainSupergraph } from './plain-supergraph.ts';
import { benchServer, serve, startServerProcess, type ServerProcess } from './server-process.ts';

/** Starts a gateway that is given the supergraph of the four authored subgraphs, and these in a process of their own. */
export async function startOtherGateway(
  name: string,
  lakes: LakeCopies,
  start: (supergraphFile: string) => Promise<ServerProcess>,
): Promise<readonly ServerProcess[]> {
  const subgraphs = await serve(lakes, ['--no-hub'], {
    // Servers of others write no access log.
    TRIBUTARY_LOG_LEVEL: 'warn',
    // Hive opens as many connections as it has fetches under way.
    TRIBUTARY_SERVER_MAX_CONNECTIONS_PER_ADDRESS: '0',
  });
  const pages = await startServerProcess(benchServer('pages-subgraph'));
  const pagesUrl = `http://127.0.0.1:${pages.port}/`;
  const file = await writePlainSupergraph(name, { port: subgraphs.port, pagesUrl });
  // The stub is not charged.
  return [await start(file), subgraphs, { ...pages, isFree: true }];
}

/** One worker, as it is by default; nothing of it dials out. */
export async function startHive(
  supergraphFile: string,
  flags: readonly string[],
): Promise<ServerProcess> {
  const port = await freePort();
  const command = [...hiveGateway, 'supergraph', supergraphFile, ...flags];
  const settings = ['--host', '127.0.0.1', '--port', String(port), '--polling', '24h'];
  return startServerProcess([...command, ...settings], {
    port,
    environment: { LOG_LEVEL: 'error' },
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
