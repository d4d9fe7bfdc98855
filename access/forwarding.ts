import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { addProxy } from '../foundation/config/proxy-list.ts';
import { plainAddress } from './loopback.ts';

/** Where a request comes from, once proxies are seen through. */
export interface Origination {
  /** Address of the client, as far as it can be believed. */
  readonly address: string;
  /** The host name that the client asked for. */
  readonly host: string | undefined;
  /** True when some proxy passed the request on, believed or not: the client may then be anywhere. */
  readonly isForwarded: boolean;
}

export type TraceOrigination = (
  headers: Readonly<IncomingHttpHeaders>,
  remoteAddress: string | undefined,
) => Origination;

/**
 * Sees through the proxies of `server.trustedProxies`: of the addresses in X-Forwarded-For, the rightmost that is
 * no trusted proxy is the client, because everything left of it is the client's own claim.
 */
export function createOriginationTracer(trustedProxies: readonly string[]): TraceOrigination {
  const trusted = new BlockList();
  for (const entry of trustedProxies) addProxy(trusted, entry);
  const isTrusted = (address: string): boolean =>
    isIP(address) !== 0 && trusted.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');

  return (headers, remoteAddress) => {
    const peer = plainAddress(remoteAddress ?? '');
    const isForwarded = isForwardedRequest(headers);
    if (!isForwarded || !isTrusted(peer)) return { address: peer, host: headers.host, isForwarded };
    const chain = listOf(headers['x-forwarded-for']).map(plainAddress);
    return {
      address: chain.findLast((address) => !isTrusted(address)) ?? chain[0] ?? peer,
      host: listOf(headers['x-forwarded-host']).at(-1) ?? headers.host,
      isForwarded,
    };
  };
}

/** True when a proxy says that it passed the request on; whether it is trusted plays no part. */
export function isForwardedRequest(headers: Readonly<IncomingHttpHeaders>): boolean {
  return (
    headers['x-forwarded-for'] !== undefined ||
    headers.forwarded !== undefined ||
    headers['x-forwarded-host'] !== undefined ||
    headers['x-forwarded-proto'] !== undefined ||
    headers['x-real-ip'] !== undefined ||
    headers.via !== undefined
  );
}

function listOf(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
