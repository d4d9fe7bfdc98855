import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createVerifier } from '../../../receiver/verify-event.ts';
import type { DayClock } from './day-clock.ts';

/** Something that came by webhook, and when. */
export interface Received {
  readonly at: Date;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly subject: string;
    readonly time: string;
    readonly entityversion: number;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

/** A tool that is sent webhooks: it checks their signatures by virtual time, and notes when they came. */
export class DayReceiver {
  readonly received: Received[] = [];
  /** Requests that it answered with 500. */
  failed = 0;
  isDown = false;
  readonly #server: Server;
  #secret = '';

  private constructor(clock: DayClock) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (this.isDown) {
          this.failed += 1;
          response.writeHead(500).end();
          return;
        }
        const verify = createVerifier({ secret: this.#secret, now: () => clock.now });
        const text = verify({ headers: request.headers, body: Buffer.concat(chunks) });
        this.received.push({ at: clock.now, event: JSON.parse(text) as Received['event'] });
        response.writeHead(204).end();
      });
    });
  }

  static async start(clock: DayClock): Promise<DayReceiver> {
    const receiver = new DayReceiver(clock);
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  trust(secret: string): void {
    this.#secret = secret;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
