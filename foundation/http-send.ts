import { lookup as lookUpName, type LookupAddress } from 'node:dns';
import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPrivateAddress } from './private-address.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** `http:` or `https:`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Gives the request up. */
  readonly signal: AbortSignal;
  /** No more of an answer is read than this; what is longer is cut off, and the connection with it. */
  readonly maxAnswerBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; of a header that is there several times, all values with commas between them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Sends a request over the network and follows no redirects. Rejects when there is no answer, when the answer breaks
 * off before its end, and when the request is given up.
 */
export type HttpSend = (request: HttpRequest) => Promise<HttpAnswer>;

interface HttpSendOptions {
  /** Whether hosts inside one's own network may be called; this machine is one of them. */
  readonly allowPrivateHosts: boolean;
}

/** The real network. Connections are kept and used again. */
export function createHttpSend({ allowPrivateHosts }: HttpSendOptions): HttpSend {
  const pooled: Agents = {
    http: new HttpAgent({ keepAlive: true, maxFreeSockets: 16, scheduling: 'lifo' }),
    https: new HttpsAgent({ keepAlive: true, maxFreeSockets: 16, scheduling: 'lifo' }),
  };
  const lookup = allowPrivateHosts ? undefined : lookUpPublicHost;

  const sendOn = (request: HttpRequest, agents: Agents): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      const { method, url, headers, body, signal, maxAnswerBytes } = request;
      const target = new URL(url);
      const isSecure = target.protocol === 'https:';
      // A literal address is not looked up, so it is looked at here.
      const host = target.hostname.replaceAll(/^\[|\]$/g, '');
      if (!allowPrivateHosts && isPrivateAddress(host)) throw privateHost(host);
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const outgoing = (isSecure ? requestHttps : requestHttp)(target, {
        method,
        headers: { ...headers, ...length },
        signal,
        agent: isSecure ? agents.https : agents.http,
        ...(lookup === undefined ? {} : { lookup }),
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        // The other side closed a kept connection at the moment when it was used again: that says nothing about it.
        const isStale = outgoing.reusedSocket && error.code === 'ECONNRESET' && !signal.aborted;
        if (isStale) resolve(sendOn(request, unpooled));
        else reject(error);
      });
      outgoing.on('response', (response) => {
        const { statusCode: status = 0 } = response;
        resolve(
          readBody(response, maxAnswerBytes).then((text) => ({
            status,
            headers: headersOf(response),
            body: text,
          })),
        );
      });
      outgoing.end(body);
    });
  return (request) => sendOn(request, pooled);
}

interface Agents {
  readonly http: HttpAgent | false;
  readonly https: HttpsAgent | false;
}

const unpooled: Agents = { http: false, https: false };

/** Up to so many bytes. An answer that breaks off is no answer, whatever its first line said. */
function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const finish = (): void =>
      resolve(Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8'));
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes <= maxBytes) return;
      finish();
      response.destroy();
    });
    response.on('end', finish);
    response.on('error', reject);
    response.on('close', () => reject(new Error('The answer broke off before its end.')));
  });
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

/** Looks at the address that the connection will really go to: a name may lead elsewhere each time it is asked. */
const lookUpPublicHost: LookupFunction = (host, options, done) => {
  lookUpName(host, { ...options, all: true }, (error, found: readonly LookupAddress[]) => {
    const [first] = found ?? [];
    if (error !== null || first === undefined) {
      done(error ?? new Error(`${host} has no address.`), '', 0);
      return;
    }
    if (found.some(({ address }) => isPrivateAddress(address))) done(privateHost(host), '', 0);
    else if (options.all === true) done(null, [...found]);
    else done(null, first.address, first.family);
  });
};

function privateHost(host: string): Error {
  return new Error(`${host} is inside this network, and such hosts may not be called.`);
}
