import type { Config } from '../foundation/config/schema.ts';
import type { KeyStore } from './key-store.ts';
import { isLoopbackHost } from './loopback.ts';

/** What the operator should know when the server starts: who gets in, and how to let someone in. Lines of text. */
export function describeAccess(config: Config, keyStore: KeyStore): readonly string[] {
  const { server, access, subgraphs } = config;
  if (isLoopbackHost(server.host)) {
    return [
      'Access: only from this machine, where callers need no key. Use --host to be reached by others.',
    ];
  }
  const activeKeys = keyStore.countActive();
  const credentials = access.jwt === undefined ? 'an API key' : 'an API key or a JSON Web Token';
  return [
    `Access: beyond this machine (${server.host}), so every request needs ${credentials}.`,
    ...(activeKeys > 0
      ? [`  API keys in use: ${activeKeys}. Make another with \`tributary key create\`.`]
      : ['  There is no API key yet. Make one with `tributary key create`; no restart is needed.']),
    ...(access.jwt === undefined
      ? []
      : [`  JSON Web Tokens of ${access.jwt.issuer} are accepted.`]),
    subgraphs.routerSecret === undefined
      ? '  Subgraphs under /subgraphs/ are off. Set subgraphs.routerSecret to let another router call them.'
      : '  Subgraphs under /subgraphs/ answer to routers with the router secret.',
    ...(server.tls === undefined
      ? ['  Keys travel unencrypted. Set server.tls, or put a proxy that serves https in front.']
      : []),
  ];
}
