import { actorOf } from '../../access/caller.ts';
import { toAbortSignal } from '../../foundation/early-end.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { RunReport, SyncService } from '../../sync/sync-service.ts';
import { jsonResponse } from './json-response.ts';
import type { Route, StreamedBodyLimits, StreamedRequest } from './route.ts';

export const pushPrefix = '/sync/';

/** `POST /sync/DOMAIN` and `POST /sync/DOMAIN/TABLE`: rows that a domain's tool sends, one JSON object a line. */
export function pushRoute(sync: Pick<SyncService, 'push'>, limits: StreamedBodyLimits): Route {
  return {
    method: 'POST',
    prefix: pushPrefix,
    takes: 'stream',
    limits,
    handle: async (request) => {
      const { caller, signal, body, id } = request;
      checkForm(request);
      const { domain, table } = readTarget(request);
      const report = await sync.push({
        domain,
        table,
        mode: readMode(request),
        body,
        origin: { actor: actorOf(caller), source: `${pushPrefix}${domain}`, cause: id },
        signal: toAbortSignal(signal),
      });
      return jsonResponse(statusOf(report), report);
    },
  };
}

/** A tool can tell from the status whether its rows are in the lake. */
function statusOf({ state }: RunReport): number {
  switch (state) {
    case 'SUCCEEDED':
      return 200;
    case 'REFUSED':
      return 422;
    case 'FAILED':
      return 500;
  }
}

const forms: ReadonlySet<string> = new Set([
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
]);

function checkForm({ headers }: StreamedRequest): void {
  const type = headers['content-type'];
  const [essence = ''] = (type ?? '').toLowerCase().split(';');
  if (forms.has(essence.trim())) return;
  const problem = type === undefined ? 'has no content-type' : `is of the type "${type}"`;
  throw raise('PUSH_FORM_UNKNOWN', { problem });
}

function readTarget({ path }: StreamedRequest): {
  readonly domain: string;
  readonly table: string | undefined;
} {
  const [domain = '', table, ...rest] = path
    .slice(pushPrefix.length)
    .replace(/\/$/, '')
    .split('/')
    .map((part) => decode(part, path));
  const isPlace = domain !== '' && table !== '' && rest.length === 0;
  if (isPlace) return { domain, table };
  throw raise('PATH_NOT_FOUND', { path, suggestion: 'Rows go to /sync/DOMAIN/TABLE.' });
}

function decode(part: string, path: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    const suggestion = 'It is not percent-encoded.';
    throw raise('PATH_NOT_FOUND', { path, suggestion }, { cause: error });
  }
}

function readMode({ search }: StreamedRequest): 'delta' | 'snapshot' {
  const mode = new URLSearchParams(search).get('mode') ?? 'delta';
  if (mode === 'delta' || mode === 'snapshot') return mode;
  throw raise('PUSH_MODE_UNKNOWN', { mode: mode.slice(0, 80) });
}
