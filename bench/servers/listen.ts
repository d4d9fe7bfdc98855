import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on any free port of loopback and tells the bench where, in the way that Tributary does: on stderr. */
export function listenOnLoopback(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.stderr.write(`http://127.0.0.1:${port}/\n`);
  });
}
