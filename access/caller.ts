import type { IncomingHttpHeaders } from 'node:http';
import type { JWTPayload } from 'jose';

/** Who makes a request. What a caller may see is decided elsewhere. */
export type Caller =
  /** Someone on this machine, on a server that only this machine reaches; or anyone, on a public route. */
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'apiKey'; readonly id: string; readonly name: string }
  | { readonly kind: 'jwt'; readonly subject: string; readonly claims: Readonly<JWTPayload> }
  /** Another federation router that knows the router secret. It reaches the subgraphs and nothing else. */
  | { readonly kind: 'router' };

/** What a request shows of its caller. */
export interface CallerEvidence {
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** Address of the other end of the connection. */
  readonly remoteAddress: string | undefined;
  /** Whom the route lets in: every known caller, or federation routers too. */
  readonly admits: 'callers' | 'routers';
}

/**
 * Tells who is calling.
 * @throws UNAUTHENTICATED, SUBGRAPHS_CLOSED, KEY_SET_UNAVAILABLE
 */
export type IdentifyCaller = (evidence: CallerEvidence) => Promise<Caller>;

/** The caller's id for a log line: never a secret, undefined for the anonymous. */
export function callerId(caller: Caller): string | undefined {
  switch (caller.kind) {
    case 'apiKey':
      return caller.id;
    case 'jwt':
      return caller.subject;
    case 'anonymous':
    case 'router':
      return undefined;
  }
}

/** What the product itself is called where the name of a key could stand, and what no key is called therefore. */
const ownNames: ReadonlySet<string> = new Set(['local', 'router', 'tributary']);

const subjectPrefix = 'subject:';

/** Whether the changes of a key with this name would pass for those of somebody else. */
export function isReservedName(name: string): boolean {
  return ownNames.has(name) || name.startsWith(subjectPrefix);
}

/**
 * The name under which a caller's changes and subscribers are kept. Who issues tokens chooses their subjects, and who
 * makes keys their names: neither gets what is the other's by choosing the same.
 */
export function actorOf(caller: Caller): string {
  switch (caller.kind) {
    case 'apiKey':
      return caller.name;
    case 'jwt':
      return `${subjectPrefix}${caller.subject}`;
    case 'anonymous':
      return 'local';
    case 'router':
      return 'router';
  }
}
