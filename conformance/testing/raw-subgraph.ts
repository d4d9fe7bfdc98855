import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/**
 * A subgraph whose requests and answers are JSON texts that nobody parsed on the way. It may be subscribed by
 * server-sent events and by graphql-ws; the answer is then its one event.
 */
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
      const isStream = incoming.headers.accept === 'text/event-stream';
      const type = isStream ? 'text/event-stream' : 'application/json';
      const events = `event: next\ndata: ${answer}\n\nevent: complete\ndata:\n\n`;
      response.writeHead(200, { 'content-type': type }).end(isStream ? events : answer);
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', (message: Buffer) => {
      const text = message.toString('utf8');
      const { type, id } = JSON.parse(text) as { readonly type: string; readonly id?: string };
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      if (type !== 'subscribe') return;
      received.push(text);
      socket.send(`{"id":"${id}","type":"next","payload":${answer}}`);
      socket.send(`{"id":"${id}","type":"complete"}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    received,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
