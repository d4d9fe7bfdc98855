import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createReceiver,
  memoryStore,
  type Receiver,
  type TributaryEvent,
} from '../../../receiver/receiver.ts';

export type CustomerEvent = TributaryEvent<Readonly<Record<string, unknown>>>;

/** A tool that receives events with the receiver's file, and outlives the server that sends them. */
export class RecordingSubscriber {
  /** What was handed to the tool, in its order. */
  readonly events: CustomerEvent[] = [];
  /** Customers as the tool has them from events alone. */
  readonly customers = new Map<string, Readonly<Record<string, unknown>>>();
  readonly #server: Server;
  #receiver: Receiver | undefined;

  private constructor() {
    this.#server = createServer((request, response) => {
      if (this.#receiver !== undefined) this.#receiver.listener(request, response);
      else response.writeHead(503).end();
    });
  }

  static async start(): Promise<RecordingSubscriber> {
    const subscriber = new RecordingSubscriber();
    await new Promise<void>((resolve) => {
      subscriber.#server.listen(0, '127.0.0.1', resolve);
    });
    return subscriber;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Until it is told the secret it takes nothing. */
  open(secret: string): void {
    this.#receiver = createReceiver({
      secret,
      store: memoryStore(),
      on: { '*': (event) => this.#take(event as CustomerEvent) },
    });
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #take(event: CustomerEvent): void {
    this.events.push(event);
    if (event.type === 'CustomerDeleted') this.customers.delete(event.subject);
    else this.customers.set(event.subject, event.data);
  }
}
