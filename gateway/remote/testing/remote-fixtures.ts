import { configSchema, type Config } from '../../../foundation/config/schema.ts';
import { createLog, type Log } from '../../../foundation/log.ts';
import { raise } from '../../../foundation/errors/tributary-error.ts';
import { RemoteFailure, type FailureKind } from '../remote-failure.ts';
import type { RemoteRequest, RemoteResponse } from '../remote-request.ts';

export const silentLog: Log = createLog({ level: 'silent' });

/** A query with nothing special about it, but for what the test says. */
export function remoteRequest(parts: Partial<RemoteRequest> = {}): RemoteRequest {
  return {
    body: '{"query":"{ a }"}',
    headers: { 'x-request-id': '1' },
    isQuery: true,
    caller: { kind: 'anonymous' },
    signal: new AbortController().signal,
    deadlineMs: Infinity,
    ...parts,
  };
}

export function remoteResponse(parts: Partial<RemoteResponse> = {}): RemoteResponse {
  const { text = '{"data":{"a":1}}' } = parts;
  return {
    status: 200,
    contentType: 'application/json',
    retryAfter: undefined,
    text,
    isGraphql: true,
    takeJson: () => JSON.parse(text),
    ...parts,
  };
}

export function remoteFailure(kind: FailureKind): RemoteFailure {
  return new RemoteFailure(kind, raise('SUBGRAPH_UNREACHABLE', { subgraph: 'reviews' }));
}

/** The settings for all subgraphs, as `tributary.yaml` would give them. */
export function subgraphSettings(written: unknown = {}): Config {
  return configSchema.parse({ subgraphs: written });
}
