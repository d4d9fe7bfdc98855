import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { CloudEvent } from '../event-service.ts';

export interface Reception {
  readonly event: CloudEvent;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
  readonly response: ServerResponse;
}

/** A status, or whatever the test does with the response itself. */
export type Answer = number | 'handled';

export interface TestReceiver {
  readonly url: string;
  /** Everything that came, in the order in which it came. */
  readonly receptions: readonly Reception[];
  /** What was answered with a status of success. */
  readonly accepted: readonly CloudEvent[];
  /** What it answers from now on. */
  answer: (reception: Reception) => Answer | Promise<Answer>;
  /** The most requests that were open at once. */
  readonly mostAtOnce: number;
}

/** A tool that receives webhooks, on a port of its own. */
export async function startReceiver(
  answer: TestReceiver['answer'] = () => 204,
): Promise<TestReceiver> {
  const receptions: Reception[] = [];
  const accepted: CloudEvent[] = [];
  let open = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    open++;
    receiver.mostAtOnce = Math.max(receiver.mostAtOnce, open);
    response.on('close', () => open--);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const event = JSON.parse(body) as CloudEvent;
      const reception = { event, body, headers: request.headers, response };
      receptions.push(reception);
      void reply(reception);
    });
  });
  const reply = async (reception: Reception): Promise<void> => {
    const status = await receiver.answer(reception);
    if (status === 'handled') return;
    if (status >= 200 && status < 300) accepted.push(reception.event);
    reception.response.writeHead(status);
    reception.response.end();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const receiver = { url, receptions, accepted, answer, mostAtOnce: 0 };
  return receiver;
}
