import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A row of a domain's tool. */
export interface SourceRow {
  readonly id: string;
  readonly changedAt?: string;
  readonly [column: string]: string | undefined;
}

/** The HTTP endpoints of the tools of three domains. */
export class DaySources {
  readonly requests: string[] = [];
  readonly rows: Record<'billing' | 'support' | 'warranty', SourceRow[]> = {
    billing: [],
    support: [],
    warranty: [],
  };
  isSupportDown = false;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<DaySources> {
    const sources = new DaySources();
    await new Promise<void>((resolve) => sources.#server.listen(0, '127.0.0.1', resolve));
    return sources;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams, search } = new URL(request.url ?? '', this.url);
    this.requests.push(`${pathname}${search}`);
    // What breaks off on a connection that was kept is sent once more, and that would be one request too many.
    response.setHeader('connection', 'close');
    switch (pathname) {
      case '/billing': {
        if (request.headers.authorization !== 'Bearer let me in') {
          response.writeHead(401).end();
          return;
        }
        const since = searchParams.get('updatedSince') ?? '';
        const found = this.rows.billing.filter(({ changedAt = '' }) => changedAt >= since);
        const start = Number(searchParams.get('cursor') ?? 0);
        const next = start + 2 < found.length ? String(start + 2) : null;
        sendJson(response, { data: { items: found.slice(start, start + 2), next } });
        return;
      }
      case '/support':
        if (this.isSupportDown) request.socket.destroy();
        else sendJson(response, this.rows.support);
        return;
      case '/warranty': {
        const start = (Number(searchParams.get('page')) - 1) * 2;
        sendJson(response, this.rows.warranty.slice(start, start + 2));
        return;
      }
      default:
        response.writeHead(404).end();
    }
  }
}

function sendJson(response: ServerResponse, json: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(json));
}
