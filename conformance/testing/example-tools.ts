import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { startCrm } from '../../examples/crm/start-crm.ts';
import type { RunningTool } from '../../examples/http/serve-json.ts';
import { startSupportDesk } from '../../examples/support-desk/start-support-desk.ts';
import { recordRequests, type RecordedRequest } from '../../examples/testing/record-requests.ts';
import { createKey } from '../../access/api-keys.ts';
import { systemClock as clock } from '../../foundation/clock.ts';
import { freePort } from './free-port.ts';
import { smallCompany, startCompany, type CompanyServer } from './small-company.ts';

/** A tool of the example that can be ended and started again, with the same address and the same file. */
export interface Tool {
  readonly subscriber: string;
  readonly apiKey: string;
  readonly url: string;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** What it has of a customer; null when it has none. */
  readonly find: (id: string) => Promise<Readonly<Record<string, unknown>> | null>;
  readonly list: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly send: (method: 'POST' | 'PUT', path: string, json: object) => Promise<ToolAnswer>;
}

interface ToolAnswer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

interface Wish {
  readonly name: string;
  readonly mayVeto?: boolean;
  readonly withSnapshot?: boolean;
}

/** A server and the two tools of the example, all of them real, in this process. */
export class ExampleCompany {
  readonly #directory: string;
  readonly #port: number;
  readonly #running = new Set<RunningTool>();
  #requestsToSupport: { readonly requests: RecordedRequest[]; close: () => void } | undefined;
  server: CompanyServer;

  private constructor(directory: string, port: number, server: CompanyServer) {
    this.#directory = directory;
    this.#port = port;
    this.server = server;
  }

  static async open(directory: string): Promise<ExampleCompany> {
    smallCompany(directory);
    const port = await freePort();
    return new ExampleCompany(directory, port, await startServer(directory, port));
  }

  async stopServer(): Promise<void> {
    await this.server.server.close();
  }

  async startServer(): Promise<void> {
    this.server = await startServer(this.#directory, this.#port);
  }

  async supportDesk(wish: Wish): Promise<Tool> {
    return this.#tool(wish, (webhookSecret, dataFile, port) =>
      startSupportDesk({ port, webhookSecret, dataFile }),
    );
  }

  /** The CRM calls support through a door at which its requests are written down. */
  async crm(wish: Wish, supportUrl: string): Promise<Tool> {
    const door = await recordRequests(supportUrl);
    this.#requestsToSupport = door;
    const gatewayUrl = `http://127.0.0.1:${this.#port}/graphql`;
    return this.#tool(wish, (webhookSecret, dataFile, port, apiKey) =>
      startCrm({ port, gatewayUrl, apiKey, webhookSecret, supportUrl: door.url, dataFile }),
    );
  }

  get requestsToSupport(): readonly RecordedRequest[] {
    return this.#requestsToSupport?.requests ?? [];
  }

  async close(): Promise<void> {
    this.#requestsToSupport?.close();
    await Promise.all([...this.#running].map((tool) => tool.close()));
    await this.server.server.close();
  }

  async #tool(
    { name, mayVeto = false, withSnapshot = false }: Wish,
    start: (secret: string, file: string, port: number, apiKey: string) => Promise<RunningTool>,
  ): Promise<Tool> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const { token: apiKey } = await createKey({ directory: lakeOf(this.#directory), name, clock });
    const { done } = (await this.server.mutate(
      `done: createSubscriber(input: { name: "${name}", url: "${url}/events", mayVeto: ${mayVeto}, withSnapshot: ${withSnapshot} }) {
        subscriber { id } secret problems { message } }`,
      { 'x-api-key': apiKey },
    )) as unknown as {
      readonly done: { readonly subscriber: { readonly id: string }; readonly secret: string };
    };
    const file = join(this.#directory, `${name}.json`);
    let running: RunningTool | undefined;
    const startTool = async (): Promise<void> => {
      running = await start(done.secret, file, port, apiKey);
      this.#running.add(running);
    };
    await startTool();
    return {
      subscriber: done.subscriber.id,
      apiKey,
      url,
      start: startTool,
      async stop() {
        await running?.close();
      },
      async find(id) {
        const response = await fetch(`${url}/customers/${id}`);
        return response.ok ? ((await response.json()) as Record<string, unknown>) : null;
      },
      async list() {
        return (await (await fetch(`${url}/customers`)).json()) as Record<string, unknown>[];
      },
      async send(method, path, json) {
        const request = { method, body: JSON.stringify(json) };
        const response = await fetch(`${url}${path}`, request);
        return { status: response.status, json: (await response.json()) as ToolAnswer['json'] };
      },
    };
  }
}

/** Waits until something is as it should be; events take a moment. */
export function eventually(check: () => Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 40_000, interval: 50 });
}

/** Waits until a tool has this of a customer, or has no such customer. */
export function eventuallyHas(tool: Tool, id: string, record: object | null): Promise<void> {
  return eventually(async () => {
    const found = await tool.find(id);
    if (record === null) expect(found).toBeNull();
    else expect(found).toEqual(record);
  });
}

function lakeOf(directory: string): string {
  return join(directory, 'lake');
}

function startServer(directory: string, port: number): Promise<CompanyServer> {
  return startCompany({
    projectDirectory: directory,
    dataDirectory: lakeOf(directory),
    flags: { server: { port } },
  });
}
