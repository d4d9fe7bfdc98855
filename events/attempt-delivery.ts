import type { Clock } from '../foundation/clock.ts';
import type { HttpAnswer, HttpSend } from '../foundation/http-send.ts';
import type { Scheduler } from '../foundation/scheduler.ts';
import type { CloudEvent } from './event-service.ts';
import type { EventSettings } from './event-settings.ts';
import { retryAfterMs } from './retry-delay.ts';
import { signatureOf } from './webhook-secret.ts';

/** How the subscriber took one attempt. */
export type DeliveryAnswer =
  | { readonly kind: 'accepted' }
  /** It refuses the change itself, for everybody. */
  | { readonly kind: 'vetoed'; readonly reason: string }
  /** It wants no events any more. */
  | { readonly kind: 'gone' }
  /** It says that this event will not do. */
  | ({ readonly kind: 'refused' } & Failure)
  /** It says nothing of the event, only that it cannot now. */
  | ({ readonly kind: 'busy'; readonly retryAfterMs: number } & Failure)
  | ({ readonly kind: 'failed' } & Failure);

export interface Failure {
  /** Null when no answer came. */
  readonly status: number | null;
  readonly error: string;
}

export interface Destination {
  readonly url: string;
  readonly secret: string;
  readonly mayVeto: boolean;
}

export interface AttemptContext {
  readonly send: HttpSend;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly settings: EventSettings;
}

/**
 * Sends an event once. Never rejects, and never takes longer than the setting `timeoutMs`, whatever the network and
 * the other side do.
 */
export async function attemptDelivery(
  event: CloudEvent,
  destination: Destination,
  context: AttemptContext,
  signal: AbortSignal,
): Promise<DeliveryAnswer> {
  const { settings, scheduler, clock, send } = context;
  const controller = new AbortController();
  let endTimer = (): void => undefined;
  let callOff = (): void => undefined;
  // Not all that is told to stop does, so this does not wait for it.
  const givenUp = new Promise<DeliveryAnswer>((resolve) => {
    const giveUp = (error: string): void => {
      controller.abort();
      resolve({ kind: 'failed', status: null, error });
    };
    callOff = () => giveUp('The delivery was called off.');
    endTimer = scheduler.after(settings.timeoutMs, () =>
      giveUp(`No complete answer came within ${settings.timeoutMs / 1_000} s.`),
    );
  });
  signal.addEventListener('abort', callOff, { once: true });
  if (signal.aborted) callOff();
  const body = JSON.stringify(event);
  const request = {
    method: 'POST',
    url: destination.url,
    headers: headersOf(event.id, body, destination.secret, clock.now()),
    body,
    signal: controller.signal,
    maxAnswerBytes: settings.maxAnswerBytes,
  } as const;
  try {
    const answered = send(request).then(
      (answer) => read(answer, event, destination, clock.now(), settings),
      (error: unknown): DeliveryAnswer => ({
        kind: 'failed',
        status: null,
        error: describe(error),
      }),
    );
    return await Promise.race([answered, givenUp]);
  } finally {
    endTimer();
    signal.removeEventListener('abort', callOff);
  }
}

function headersOf(
  id: string,
  body: string,
  secret: string,
  now: Date,
): Readonly<Record<string, string>> {
  const timestampS = Math.floor(now.getTime() / 1_000);
  return {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': 'Tributary',
    // Keys may have any sign in them, and headers may not.
    'webhook-id': headerSafe(id),
    'webhook-timestamp': String(timestampS),
    'webhook-signature': signatureOf({ id: headerSafe(id), timestampS, body }, secret),
  };
}

function headerSafe(id: string): string {
  return id.replaceAll(/[^\u0021-\u007e]/gu, (sign) => encodeURIComponent(sign));
}

function read(
  { status, headers, body }: HttpAnswer,
  event: CloudEvent,
  { mayVeto }: Destination,
  now: Date,
  settings: EventSettings,
): DeliveryAnswer {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status === 410) return { kind: 'gone' };
  const error = `It answered with status ${status}.`;
  if (status === 429 || status === 503) {
    const waitMs = retryAfterMs(headers['retry-after'], now);
    if (waitMs !== undefined) {
      const boundedMs = Math.min(waitMs, settings.retryAfterMaxMs);
      return { kind: 'busy', status, error, retryAfterMs: boundedMs };
    }
  }
  const reason = status === 422 && mayVeto ? readVeto(body) : undefined;
  if (reason !== undefined && isVetoable(event)) return { kind: 'vetoed', reason };
  const willNeverDo = status >= 300 && status < 500 && ![408, 425, 429].includes(status);
  return { kind: willNeverDo ? 'refused' : 'failed', status, error };
}

/** What was there before a subscriber came is not its to refuse, and neither is a compensation. */
function isVetoable({ id, reverses }: CloudEvent): boolean {
  return reverses === undefined && !id.startsWith('snapshot:');
}

/** The reason in `{ "veto": { "reason": "…" } }`; undefined where an answer says nothing of the kind. */
function readVeto(body: string): string | undefined {
  try {
    const json = JSON.parse(body) as { readonly veto?: { readonly reason?: unknown } } | null;
    const veto = json?.veto;
    if (typeof veto !== 'object' || veto === null) return undefined;
    return typeof veto.reason === 'string' ? veto.reason.slice(0, 1_000) : '';
  } catch {
    return undefined;
  }
}

function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const code = (error as { readonly code?: unknown } | null)?.code;
  const named = typeof code === 'string' && !text.includes(code) ? `${text} (${code})` : text;
  return named === '' ? 'The connection failed.' : named.slice(0, 500);
}
