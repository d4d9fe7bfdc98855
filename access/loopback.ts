import { isIP } from 'node:net';

/** True for addresses that only this machine reaches: 127.0.0.0/8 and ::1, also written as IPv6. */
export function isLoopbackAddress(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

/** True for a `server.host` that binds to this machine alone. */
export function isLoopbackHost(host: string): boolean {
  return host.toLowerCase() === 'localhost' || isLoopbackAddress(host);
}

/** An address without brackets, and an IPv4 address that was mapped into IPv6 as IPv4 again. */
export function plainAddress(address: string): string {
  // Nearly all of them are plain.
  if (!address.startsWith('[') && !address.startsWith('::')) return address;
  return address.replace(/^\[(.*)\]$/, '$1').replace(/^::ffff:(?=\d+\.)/i, '');
}
