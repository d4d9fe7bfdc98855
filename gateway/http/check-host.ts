import { isLoopbackHost, plainAddress } from '../../access/loopback.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Exchange } from './exchange.ts';

/**
 * Refuses a host name that is not ours, on a server that needs no key from this machine. A web page can let its own
 * name point to 127.0.0.1 (DNS rebinding) and then call us as if it were same-origin; the name gives it away.
 * @throws HOST_NOT_ALLOWED
 */
export function createHostCheck({ server }: Config): (exchange: Exchange) => void {
  if (!isLoopbackHost(server.host)) return () => {};
  const allowed = new Set(server.allowedHosts.map(plainAddress));
  return ({ origination }) => {
    const host = origination.host ?? '';
    const name = plainAddress(host.toLowerCase().replace(/:\d*$/, ''));
    if (isLoopbackHost(name) || allowed.has(name)) return;
    throw raise('HOST_NOT_ALLOWED', { host });
  };
}
