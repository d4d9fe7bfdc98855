import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request that the API was sent. */
export interface ApiRequest {
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
}

export interface TestApi {
  readonly url: string;
  readonly requests: ApiRequest[];
  /** How it answers from now on. */
  answer: (request: ApiRequest, response: ServerResponse) => void;
}

/** A domain's tool that has an HTTP API; it goes when the running test ends. */
export async function startApi(answer: TestApi['answer']): Promise<TestApi> {
  const server = createServer((request, response) => {
    const seen = { url: new URL(request.url ?? '', api.url), headers: request.headers };
    api.requests.push(seen);
    api.answer(seen, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  const api: TestApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    answer,
  };
  return api;
}

export function answerJson(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}
