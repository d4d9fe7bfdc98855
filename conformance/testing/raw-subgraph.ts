import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A subgraph whose requests and answers are JSON texts that nobody parsed on the way. */
export interface RawSubgraph {
  readonly url: string;
  /** The bodies that it was sent, in order. */
  readonly received: string[];
  readonly close: () => Promise<void>;
}

export async function startRawSubgraph(answer: string): Promise<RawSubgraph> {
  const received: string[] = [];
  const server = createServer((incoming, response) => {
    let text = '';
    incoming.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    incoming.on('end', () => {
      received.push(text);
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
