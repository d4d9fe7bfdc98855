import type { Duplex } from 'node:stream';
import type { Exchange } from './exchange.ts';

/** The exchanges that are under way on each connection: usually one, more when a client pipelines. */
export class OpenExchanges {
  readonly #bySocket = new WeakMap<Duplex, readonly Exchange[]>();

  on(socket: Duplex): readonly Exchange[] {
    return this.#bySocket.get(socket) ?? [];
  }

  add(exchange: Exchange): void {
    const { socket } = exchange.incoming;
    this.#bySocket.set(socket, [...this.on(socket), exchange]);
  }

  remove(exchange: Exchange): void {
    const { socket } = exchange.incoming;
    this.#bySocket.set(
      socket,
      this.on(socket).filter((open) => open !== exchange),
    );
  }
}
